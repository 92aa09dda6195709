import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type { RemoveTitleRequest, RemoveTitleResponseSchema } from '../../contract/index.ts';
import { decideRemove } from '../domain/decisions.ts';
import type { TitleRecord } from '../domain/title.ts';
import type { CatalogParts } from './context.ts';
import { requireId } from './requests.ts';

export async function removeTitle(
  parts: CatalogParts,
  request: RemoveTitleRequest,
): Promise<MessageInitShape<typeof RemoveTitleResponseSchema>> {
  const titleId = requireId('title_id', request.titleId);
  const below = parts.families().below(titleId).length;
  if (below > 0)
    throw new RpcError('failed_precondition', `title ${titleId} still has ${below} seasons and episodes; remove or move them first`);
  await parts.titles.change({ id: titleId, commandId: 'remove' }, decideRemove);
  return {};
}

/** Deletes what the catalogue keeps besides the title's history. Follows the removal's event, so that it is done even after a kill. */
export async function forgetRemoved(
  { store, blob, preparations }: Pick<CatalogParts, 'store' | 'blob' | 'preparations'>,
  record: TitleRecord,
): Promise<void> {
  for (const edition of record.editions) await store.deleteEdition(edition.editionId);
  await preparations.forget(record.id);
  let cursor: string | undefined;
  do {
    const page = await blob.list({ prefix: `artwork/${record.id}/`, ...(cursor === undefined ? {} : { cursor }) });
    for (const picture of page.objects) await blob.delete(picture.key);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
}
