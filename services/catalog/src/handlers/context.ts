import type { BlobStore } from '@bioscope/blob';
import type { Logger } from '@bioscope/telemetry';

import type { PersonEvent, PersonRecord } from '../domain/person.ts';
import type { TitleEvent, TitleRecord } from '../domain/title.ts';
import type { Preparations } from '../preparations.ts';
import type { Records } from '../records.ts';
import type { ShowTitles } from '../show-title.ts';
import type { CatalogStore } from '../store.ts';

/** What the use cases work with. */
export type CatalogParts = ShowTitles & {
  readonly titles: Records<TitleRecord, TitleEvent>;
  readonly people: Records<PersonRecord, PersonEvent>;
  readonly store: CatalogStore;
  readonly preparations: Preparations;
  readonly blob: BlobStore;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly log: Logger;
};
