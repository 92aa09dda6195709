import type { Work } from './domain/work.ts';
import type { StudioParts } from './parts.ts';

/** Makes the title known to the catalogue. Idempotent. */
export async function createTitle(
  { catalog }: Pick<StudioParts, 'catalog'>,
  { titleId, details }: Pick<Work, 'titleId' | 'details'>,
): Promise<void> {
  await catalog.createTitle({ titleId, ...details }, { idempotent: true });
}
