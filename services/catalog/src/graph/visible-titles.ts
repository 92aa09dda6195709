import { create } from '@bufbuild/protobuf';
import DataLoader from 'dataloader';
import { AccessService, Action, BATCH_TITLES_MAX } from '@bioscope/access/contract';
import type { Client, RequestContext } from '@bioscope/rpc';

import { TitleSchema, type Title } from '../../contract/index.ts';
import type { CatalogParts } from '../handlers/context.ts';
import { languageOf } from './language.ts';

/** The titles of one request: loaded together, shown in the request's language, and null where who asks may not see them. */
export type VisibleTitles = DataLoader<string, Title | null>;

/** Access answers from what it keeps. */
const DEADLINE_MS = 1_500;

/** `access` is null where the service has no members: then everything may be seen. */
export function visibleTitles(
  parts: Pick<CatalogParts, 'titles' | 'show'>,
  access: Client<typeof AccessService> | null,
  call: RequestContext,
): VisibleTitles {
  const language = languageOf(call.header('accept-language'));
  return new DataLoader<string, Title | null>(
    async (ids) => {
      const titles = ids.map((id) => {
        const record = parts.titles.shelf.get(id);
        return record === null ? null : create(TitleSchema, parts.show(record, language));
      });
      const there = titles.filter((title) => title !== null);
      if (access === null || there.length === 0) return titles;
      const hidden = await hiddenOf(there, access, call);
      return titles.map((title) => (title !== null && hidden.has(title.id) ? null : title));
    },
    { maxBatchSize: BATCH_TITLES_MAX },
  );
}

async function hiddenOf(
  titles: readonly Title[],
  access: Client<typeof AccessService>,
  call: RequestContext,
): Promise<ReadonlySet<string>> {
  const facts = titles.map(({ id, editionId, maturity, windows, rungHeights }) => ({
    titleId: id,
    title: {
      isPlayable: editionId !== '',
      maturity,
      windows: windows.map(({ country, fromMs, untilMs }) => ({ country, fromMs, untilMs })),
      heightMax: Math.max(0, ...rungHeights),
    },
  }));
  const request = { action: Action.BROWSE, titles: facts };
  const { verdicts } = await access.decideBatch(request, { within: call, deadlineMs: DEADLINE_MS, idempotent: true });
  const seen = new Set(verdicts.flatMap(({ titleId, because }) => (because === '' ? [titleId] : [])));
  return new Set(titles.flatMap(({ id }) => (seen.has(id) ? [] : [id])));
}
