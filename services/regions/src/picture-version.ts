import { createHash } from 'node:crypto';
import type { RegionShown } from './domain/show-picture.ts';

/** A number for the content, the same in every instance and after every start. 48 bits fit a `double`; never 0, which means "none known". */
export function pictureVersion(regions: readonly RegionShown[]): number {
  const digest = createHash('sha256').update(JSON.stringify(regions)).digest();
  return digest.readUIntBE(0, 6) || 1;
}
