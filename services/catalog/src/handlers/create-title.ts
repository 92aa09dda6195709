import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type { CreateTitleRequest, CreateTitleResponseSchema } from '../../contract/index.ts';
import { decideCreate } from '../domain/decisions.ts';
import { readDescription } from '../domain/description.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

/** All are kept in memory, a few KiB each. */
const TITLES_MAX = 10_000;

export async function createTitle(
  parts: CatalogParts,
  request: CreateTitleRequest,
): Promise<MessageInitShape<typeof CreateTitleResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const verdict = readDescription(request);
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  requireRoom(parts, titleId);
  const record = await parts.titles.change({ id: titleId, commandId: 'create' }, (title) =>
    decideCreate(title, verdict.description, parts.nowMs()),
  );
  return { title: parts.show(record) };
}

/** Refuses one title more than the catalogue holds. */
export function requireRoom({ titles }: Pick<CatalogParts, 'titles'>, titleId: string): void {
  if (titles.shelf.find(titleId) === null && titles.shelf.all().length >= TITLES_MAX)
    throw new RpcError('resource_exhausted', `the catalogue holds ${TITLES_MAX} titles; remove one first`);
}
