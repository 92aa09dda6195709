import type { FileKey, WantedFile } from '../files/file-store.ts';

export type Wanted = { readonly editionId: string; readonly files: readonly WantedFile[] };
export type FillItem = { readonly editionId: string; readonly file: WantedFile };

/** What to fetch, smallest first: sidecar files and the lowest rungs, so that every title can be played soonest. Equals keep the plan's order. */
export function missingFiles(editions: readonly Wanted[], isHeld: (editionId: string, file: WantedFile) => boolean): FillItem[] {
  return editions
    .flatMap(({ editionId, files }) => files.filter((file) => !isHeld(editionId, file)).map((file) => ({ editionId, file })))
    .sort((one, other) => one.file.bytes - other.file.bytes);
}

/** What is held though nobody wants it. */
export function surplusFiles(editions: readonly Wanted[], held: readonly FileKey[]): FileKey[] {
  const wanted = new Set(editions.flatMap(({ editionId, files }) => files.map(({ name }) => `${editionId}/${name}`)));
  return held.filter(({ editionId, name }) => !wanted.has(`${editionId}/${name}`));
}

export type Inventory = { readonly editions: string[]; readonly fillingBytes: Record<string, number> };

/** What to report: editions held whole, and how far the others are. */
export function inventoryOf(editions: readonly Wanted[], isHeld: (editionId: string, file: WantedFile) => boolean): Inventory {
  const inventory: Inventory = { editions: [], fillingBytes: {} };
  for (const { editionId, files } of editions) {
    const held = files.filter((file) => isHeld(editionId, file));
    if (held.length === files.length) inventory.editions.push(editionId);
    else inventory.fillingBytes[editionId] = held.reduce((sum, file) => sum + file.bytes, 0);
  }
  return inventory;
}
