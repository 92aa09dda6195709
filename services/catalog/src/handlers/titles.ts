import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type { ListTitlesResponseSchema, GetTitleRequest, GetTitleResponseSchema } from '../../contract/index.ts';
import { titleView } from '../domain/title-view.ts';
import type { CatalogParts } from './context.ts';
import { requireId } from './requests.ts';

type Reading = Pick<CatalogParts, 'shelf' | 'store' | 'preparations'>;

export function listTitles({ shelf, preparations }: Reading): MessageInitShape<typeof ListTitlesResponseSchema> {
  return { titles: shelf.titles().map((record) => titleView(record, preparations.share(record.id))) };
}

/** A title that another instance made a moment ago is looked up in its stream. */
export async function getTitle(parts: Reading, request: GetTitleRequest): Promise<MessageInitShape<typeof GetTitleResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const record = parts.shelf.find(titleId) ?? (await parts.store.readTitle(titleId));
  if (record === null || record.removed) throw new RpcError('not_found', `there is no title ${titleId}`);
  return { title: titleView(record, parts.preparations.share(titleId)) };
}
