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
  for (;;) {
    // Always the first page: what was on it is deleted by the next turn.
    const { objects } = await blob.list({ prefix });
    if (objects.length === 0) return;
    for (const { key } of objects) await blob.delete(key);
  }
}
