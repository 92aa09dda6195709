import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  GetTitleRequest,
  GetTitleResponseSchema,
  GetTitlesRequest,
  GetTitlesResponseSchema,
  ListTitlesRequest,
  ListTitlesResponseSchema,
} from '../../contract/index.ts';
import { listingOf } from '../domain/listing.ts';
import { pageOf } from '../domain/page.ts';
import type { TitleRecord } from '../domain/title.ts';
import type { CatalogParts } from './context.ts';
import { invalid, pageSize, requireId, requireLanguage } from './requests.ts';

type Reading = Pick<CatalogParts, 'titles' | 'show' | 'families' | 'nowMs'>;

const TITLES_PER_PAGE = 500;
/** A quarter of what one message may have: texts of many languages make titles heavy. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024;
/** A home page's worth of titles. */
const IDS_MAX = 200;

export function listTitles(parts: Reading, request: ListTitlesRequest): MessageInitShape<typeof ListTitlesResponseSchema> {
  const language = requireLanguage(request.language);
  const size = pageSize(request.pageSize, TITLES_PER_PAGE);
  const { titles, keyOf } = listingOf(parts.titles.shelf.all(), request, { families: parts.families(), nowMs: parts.nowMs() });
  const found = pageOf(titles, { keyOf, weightOf, weightMax: PAGE_BYTES_MAX, size, cursor: request.cursor });
  if (found === null) throw invalid(['cursor is not one of this listing; begin without one']);
  return { titles: found.page.map((record) => parts.show(record, language)), nextCursor: found.nextCursor };
}

/** A title that another instance made a moment ago is looked up in its stream. */
export async function getTitle(parts: Reading, request: GetTitleRequest): Promise<MessageInitShape<typeof GetTitleResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const language = requireLanguage(request.language);
  const record = await parts.titles.find(titleId);
  if (record === null || record.removed) throw new RpcError('not_found', `there is no title ${titleId}`);
  return { title: parts.show(record, language) };
}

export function getTitles(parts: Reading, request: GetTitlesRequest): MessageInitShape<typeof GetTitlesResponseSchema> {
  const language = requireLanguage(request.language);
  if (request.titleIds.length > IDS_MAX) throw invalid([`title_ids are ${request.titleIds.length}; at most ${IDS_MAX} are taken`]);
  const records = request.titleIds.map((id) => parts.titles.shelf.get(requireId('title_ids', id))).filter((record) => record !== null);
  return { titles: records.map((record) => parts.show(record, language)) };
}

/** About the bytes of the title in an answer. */
function weightOf(record: TitleRecord): number {
  const texts = record.translations.reduce((sum, { synopsis, synopsisShort }) => sum + synopsis.length + synopsisShort.length + 100, 0);
  return 1000 + 3 * (record.synopsis.length + texts) + 80 * record.people.length + 30 * (record.windows?.length ?? 0);
}
