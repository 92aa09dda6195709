import type { BlobStore } from '@bioscope/blob';
import type { Logger } from '@bioscope/telemetry';

import type { ChangeTitle } from '../change-title.ts';
import type { Preparations } from '../preparations.ts';
import type { Shelf } from '../shelf.ts';
import type { CatalogStore } from '../store.ts';

/** What the use cases work with. */
export type CatalogParts = {
  readonly store: CatalogStore;
  readonly shelf: Shelf;
  readonly change: ChangeTitle;
  readonly preparations: Preparations;
  readonly blob: BlobStore;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly log: Logger;
};
