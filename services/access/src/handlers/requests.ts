import { RpcError } from '@bioscope/rpc';

import {
  Action,
  AREAS,
  BATCH_TITLES_MAX,
  type Area,
  type DecideBatchRequest,
  type DecideRequest,
  type TitleFacts as TitleFactsMessage,
} from '../../contract/index.ts';
import type { ActionName } from '../domain/fallbacks.ts';
import { isTitleAction, type TitleAction } from '../domain/question.ts';
import type { TitleFacts } from '../domain/signals.ts';

/** What a request asks, before anything was learned. */
export type Asked =
  | { readonly action: TitleAction; readonly title: AskedTitle; readonly height: number; readonly inUse: number | null }
  | { readonly action: 'manageAccount' | 'manageProfiles' }
  | { readonly action: 'operate'; readonly area: Area };
/** Null facts are to be learned from the catalog. */
export type AskedTitle = { readonly id: string; readonly facts: TitleFacts | null };
export type AskedBatch = { readonly action: 'browse' | 'play'; readonly titles: readonly AskedTitle[]; readonly height: number };

export function parseDecide(request: DecideRequest): Asked {
  const action = parseAction(request.action);
  if (isTitleAction(action)) {
    const title = parseTitle(request);
    const inUse = (action === 'play' ? request.streamsInUse : request.downloadDevicesInUse) ?? null;
    return { action, title, height: parseHeight(request.height), inUse };
  }
  if (action !== 'operate') return { action };
  const area = AREAS.find((known) => known === request.area);
  if (area === undefined) throw bad(`area must be one of ${AREAS.join(', ')}`);
  return { action, area };
}

export function parseBatch(request: DecideBatchRequest): AskedBatch {
  const action = parseAction(request.action);
  if (action !== 'browse' && action !== 'play') throw bad('action must be browse or play');
  const { length } = request.titles;
  if (length === 0 || length > BATCH_TITLES_MAX) throw bad(`titles must be 1 to ${BATCH_TITLES_MAX}, not ${length}`);
  return { action, titles: request.titles.map(parseTitle), height: parseHeight(request.height) };
}

const NAMES: { readonly [A in Action]: ActionName | null } = {
  [Action.UNSPECIFIED]: null,
  [Action.BROWSE]: 'browse',
  [Action.PLAY]: 'play',
  [Action.DOWNLOAD]: 'download',
  [Action.MANAGE_ACCOUNT]: 'manageAccount',
  [Action.MANAGE_PROFILES]: 'manageProfiles',
  [Action.OPERATE]: 'operate',
};

function parseAction(action: Action): ActionName {
  // A newer caller's action is none of the table.
  const name = (NAMES as Readonly<Record<number, ActionName | null | undefined>>)[action] ?? null;
  if (name === null) throw bad('action must be one of the contract');
  return name;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

function parseTitle({ titleId, title }: { titleId: string; title?: TitleFactsMessage | undefined }): AskedTitle {
  if (!ID.test(titleId)) throw bad('title_id must be 1 to 64 of A-Z a-z 0-9 _ -');
  return { id: titleId, facts: title ?? null };
}

/** No screen has more lines. */
const HEIGHT_MAX = 16_384;

function parseHeight(height: number): number {
  if (height > HEIGHT_MAX) throw bad(`height must be at most ${HEIGHT_MAX}`);
  return height;
}

function bad(message: string): RpcError {
  return new RpcError('invalid_argument', message);
}
