import type { StudioParts } from '../parts.ts';

/** Deletes every stored file of an edition. Deleting what is gone is no error. */
export async function deleteEdition({ blob }: Pick<StudioParts, 'blob'>, editionId: string): Promise<void> {
  let cursor: string | null = null;
  do {
    const page = await blob.list({ prefix: `editions/${editionId}/`, ...(cursor === null ? {} : { cursor }) });
    for (const { key } of page.objects) await blob.delete(key);
    cursor = page.cursor;
  } while (cursor !== null);
}
