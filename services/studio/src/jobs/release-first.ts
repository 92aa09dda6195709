import { editionIdOf, type Work } from '../domain/work.ts';
import type { StudioParts } from '../parts.ts';
import { deleteEdition } from './delete-blobs.ts';

/** Takes the first edition away after the full one has replaced it. */
export async function releaseFirst(parts: StudioParts, work: Work): Promise<void> {
  const editionId = editionIdOf(work.id, false);
  await parts.control.releaseEdition({ editionId }, { idempotent: true });
  await deleteEdition(parts, editionId);
}
