import type { MessageInitShape } from '@bufbuild/protobuf';

import type { TitleSchema } from '../contract/index.ts';
import { families, type Families } from './domain/family.ts';
import type { PersonRecord } from './domain/person.ts';
import { titleView } from './domain/title-view.ts';
import type { TitleRecord } from './domain/title.ts';
import type { Preparations } from './preparations.ts';
import type { Shelf } from './shelf.ts';

export type ShowTitles = {
  /** The title as clients see it; `language` empty: with all translations. */
  readonly show: (record: TitleRecord, language?: string) => MessageInitShape<typeof TitleSchema>;
  readonly families: () => Families;
};

export function showTitles(parts: {
  readonly titles: Shelf<TitleRecord>;
  readonly people: Shelf<PersonRecord>;
  readonly preparations: Preparations;
  readonly nowMs: () => number;
}): ShowTitles {
  const { titles, people, preparations, nowMs } = parts;
  let known: { readonly all: readonly TitleRecord[]; readonly families: Families } | null = null;
  // The shelf hands out the same list until something changes.
  const current = (): Families => {
    const all = titles.all();
    if (known?.all !== all) known = { all, families: families(all) };
    return known.families;
  };
  return {
    families: current,
    show: (record, language = '') =>
      titleView({
        record,
        family: current().of(record),
        prepared: preparations.share(record.id),
        nameOf: (personId) => people.get(personId)?.name ?? null,
        language,
        nowMs: nowMs(),
      }),
  };
}
