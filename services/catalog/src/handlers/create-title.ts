import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type { CreateTitleRequest, CreateTitleResponseSchema } from '../../contract/index.ts';
import { decideCreate } from '../domain/decisions.ts';
import { readDescription } from '../domain/description.ts';
import { titleView } from '../domain/title-view.ts';
import type { CatalogParts } from './context.ts';
import { invalid, requireId } from './requests.ts';

/** ListTitles answers all titles at once, about 1 KiB each: this many fit into one answer. */
const TITLES_MAX = 10_000;

export async function createTitle(
  parts: CatalogParts,
  request: CreateTitleRequest,
): Promise<MessageInitShape<typeof CreateTitleResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const verdict = readDescription(request);
  if (verdict.kind === 'refused') throw invalid(verdict.problems);
  if (parts.shelf.find(titleId) === null && parts.shelf.titles().length >= TITLES_MAX)
    throw new RpcError('resource_exhausted', `the catalogue holds ${TITLES_MAX} titles; remove one first`);
  const record = await parts.change({ titleId, commandId: 'create' }, (title) => decideCreate(title, verdict.description, parts.nowMs()));
  return { title: titleView(record, parts.preparations.share(titleId)) };
}
