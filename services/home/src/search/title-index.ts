import type { Person } from '@bioscope/catalog/contract';
import MiniSearch from 'minisearch';

import type { Library, Show } from '../domain/library.ts';
import { WORDS_MAX, wordsOf } from '../domain/search-text.ts';

export type Found = { readonly shows: readonly string[]; readonly people: readonly string[] };

/** Finds shows and people by unfinished and mistyped words, in every language in which they have names. */
export type TitleIndex = {
  /** Takes in what is new, changed or gone. */
  update(library: Library, people: readonly Person[]): void;
  /** Ids that pass the filter, best first. */
  find(
    text: string,
    wanted: { readonly showsMax: number; readonly peopleMax: number; readonly maySee: (kind: Kind, id: string) => boolean },
  ): Found;
};

type Kind = 'show' | 'person';
type Entry = { readonly id: string; readonly names: string; readonly people: string; readonly episodes: string };

export function titleIndex(): TitleIndex {
  const engine = new MiniSearch<Entry>({
    fields: ['names', 'people', 'episodes'],
    tokenize: wordsOf,
    // Words come from `wordsOf` in the form in which they are compared.
    processTerm: (term) => term,
    searchOptions: {
      boost: { names: 4, people: 2 },
      prefix: true,
      fuzzy: (term) => (term.length < FUZZY_FROM ? false : FUZZY_SHARE),
      maxFuzzy: EDITS_MAX,
      weights: { prefix: 0.7, fuzzy: 0.3 },
    },
  });
  const entries = new Map<string, Entry>();
  return {
    update(library, people) {
      const names = new Map(people.map((person) => [person.id, [person.name, ...person.otherNames].join('\n')]));
      const wanted = new Map(
        [...library.shows.map((show) => entryOfShow(show, names)), ...people.map(entryOfPerson)].map((entry) => [entry.id, entry]),
      );
      for (const id of entries.keys()) {
        if (wanted.has(id)) continue;
        engine.discard(id);
        entries.delete(id);
      }
      for (const [id, entry] of wanted) {
        const before = entries.get(id);
        if (before !== undefined && isSame(before, entry)) continue;
        if (before === undefined) engine.add(entry);
        else engine.replace(entry);
        entries.set(id, entry);
      }
    },
    find(text, { showsMax, peopleMax, maySee }) {
      const words = wordsOf(text).slice(0, WORDS_MAX);
      if (words.length === 0) return { shows: [], people: [] };
      const filter = ({ id }: { id: unknown }): boolean => maySee(...partsOf(String(id)));
      const query = words.join(' ');
      const strict = engine.search(query, { combineWith: 'AND', filter });
      const results = strict.length > 0 || words.length === 1 ? strict : engine.search(query, { combineWith: 'OR', filter });
      // Equal scores in the order of ids: the same question has the same answer whichever instance is asked.
      const ids = results
        .toSorted((one, other) => other.score - one.score || (String(one.id) < String(other.id) ? -1 : 1))
        .map(({ id }) => partsOf(String(id)));
      const of = (kind: Kind, max: number): string[] =>
        ids
          .filter(([each]) => each === kind)
          .slice(0, max)
          .map(([, id]) => id);
      return { shows: of('show', showsMax), people: of('person', peopleMax) };
    },
  };
}

/** Shorter words have too many neighbours. */
const FUZZY_FROM = 4;
/** One edit in four to seven letters, two from eight on. */
const FUZZY_SHARE = 0.25;
const EDITS_MAX = 2;
/** Names are cut into words in pieces, so that each is read to its limit. */
const PIECE = '\n';

function entryOfShow({ id, title, plays, isSeries }: Show, names: ReadonlyMap<string, string>): Entry {
  return {
    id: `show ${id}`,
    names: namesOf(title),
    people: title.people.map(({ personId, name }) => names.get(personId) ?? name).join(PIECE),
    episodes: isSeries ? plays.map(namesOf).join(PIECE) : '',
  };
}

function entryOfPerson({ id, name, otherNames }: Person): Entry {
  return { id: `person ${id}`, names: [name, ...otherNames].join(PIECE), people: '', episodes: '' };
}

function namesOf(title: Show['title']): string {
  return [title.name, ...title.translations.map((each) => each.name)].filter((name) => name !== '').join(PIECE);
}

function isSame(one: Entry, other: Entry): boolean {
  return one.names === other.names && one.people === other.people && one.episodes === other.episodes;
}

function partsOf(id: string): [Kind, string] {
  const cut = id.indexOf(' ');
  return [id.slice(0, cut) === 'show' ? 'show' : 'person', id.slice(cut + 1)];
}
