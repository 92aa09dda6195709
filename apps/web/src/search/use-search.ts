import { useEffect, useMemo, useState } from 'react';
import { cardsOf, type Card, type SentCard } from '../cards/card.ts';
import type { Ask } from '../graph/ask.ts';
import { operation } from '../graph/operation.ts';
import search from './search.graphql';
import { createSearcher, type Searcher, type SearchView } from './searcher.ts';

export type FoundPerson = { readonly id: string; readonly name: string; readonly titles: readonly string[] };
export type Found = { readonly cards: readonly Card[]; readonly people: readonly FoundPerson[] };

type SentSearch = {
  readonly search: {
    readonly cards: readonly SentCard[];
    readonly people: readonly {
      readonly person: { readonly id: string };
      readonly name: string;
      readonly titles: readonly ({ readonly id: string; readonly name: string } | null)[];
    }[];
  } | null;
};

const SEARCH = operation<SentSearch, { readonly text: string }>(search);

const NOTHING: SearchView<Found> = { query: '', found: undefined, state: 'idle' };

/** Searches while somebody types, beginning with what stands in the page's address. */
export function useSearch(ask: Ask, first: string): { view: SearchView<Found>; searcher: Searcher } {
  const [view, setView] = useState(NOTHING);
  const searcher = useMemo(
    () =>
      createSearcher<Found>({
        ask: async (query, signal) => readFound(await ask(SEARCH, { text: query }, { signal, partly: true })),
        later(ms, run) {
          const timer = setTimeout(run, ms);
          return () => clearTimeout(timer);
        },
        changed: setView,
      }),
    [ask],
  );
  useEffect(() => {
    searcher.type(first);
    return () => searcher.close();
  }, [searcher, first]);
  return { view, searcher };
}

function readFound({ search: sent }: SentSearch): Found {
  if (sent === null) throw new Error('the search is away');
  const people = sent.people.map(({ person, name, titles }) => ({
    id: person.id,
    name,
    titles: titles.flatMap((title) => (title === null ? [] : [title.name])),
  }));
  return { cards: cardsOf(sent.cards), people };
}
