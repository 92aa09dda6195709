import type { WorkEvent } from '../domain/events.ts';
import { editionPrefix } from '../domain/names.ts';
import type { StudioParts } from '../parts.ts';

/** Takes an edition that a better one replaced off the appliances and the origin; whoever still played it has had time to end. */
export async function releaseEdition(parts: StudioParts, editionId: string): Promise<WorkEvent> {
  await parts.control.releaseEdition({ editionId }, { idempotent: true });
  await deleteBelow(parts, editionPrefix(editionId));
  return { type: 'released', editionId };
}

export async function deleteBelow({ blob }: Pick<StudioParts, 'blob'>, prefix: string): Promise<void> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await blob.list(cursor === undefined ? { prefix } : { prefix, cursor });
    for (const { key } of page.objects) await blob.delete(key);
    cursor = page.cursor;
  }
}
