import { CatalogService, PeopleService, PEOPLE_TOPIC, TitleKind, TITLES_TOPIC, type Person, type Title } from '@bioscope/catalog/contract';
import type { Log, LogRecord } from '@bioscope/log';
import { RpcError, type Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import { libraryOf, type Library } from './domain/library.ts';
import { flavours, type Flavour } from './domain/tasting.ts';
import { titleIndex, type TitleIndex } from './search/title-index.ts';
import { refreshing, type Changed } from './refreshing.ts';

/** The whole catalogue in memory, with what pages and search need of it. */
export type Known = {
  readonly library: Library;
  readonly flavours: ReadonlyMap<string, Flavour>;
  readonly people: ReadonlyMap<string, Person>;
  readonly index: Pick<TitleIndex, 'find'>;
};

export type Catalogue = {
  /** Rejects with `unavailable` until the catalogue has answered once; from then on what is known last. */
  known(): Known;
  close(): Promise<void>;
};

/** Other instances of home get the events that this one does not: each catches up after this. */
const REFRESH_EVERY_MS = 30_000;
const DEADLINE_MS = 5_000;
/** Far above what the catalogue holds; a listing that goes round ends. */
const PAGES_MAX = 1_000;

/** Loads the catalogue at once, after each of its events, and now and then. */
export function followCatalogue({ rpc, log, logger }: { readonly rpc: Rpc; readonly log: Log; readonly logger: Logger }): Catalogue {
  const catalog = rpc.client(CatalogService);
  const peopleService = rpc.client(PeopleService);
  const options = { deadlineMs: DEADLINE_MS, idempotent: true } as const;
  const titles = new Map<string, Title>();
  const people = new Map<string, Person>();
  const index = titleIndex();
  let known: Known | null = null;

  async function refresh(changed: Changed): Promise<void> {
    if (changed === 'all' || !(await refreshMovies([...changed]))) replaceAll(titles, await everyPage(listTitles));
    if (changed === 'all') replaceAll(people, await everyPage(listPeople));
    const library = libraryOf(titles.values());
    index.update(library, [...people.values()]);
    known = { library, flavours: flavours(library), people, index };
  }

  /** False, and nothing is changed, when others change with them: a series or season with its episodes. */
  async function refreshMovies(titleIds: string[]): Promise<boolean> {
    if (titleIds.length > IDS_AT_ONCE || !titleIds.every((id) => standsAlone(titles.get(id)))) return false;
    const answer = await catalog.getTitles({ titleIds }, options);
    if (!answer.titles.every(standsAlone)) return false;
    for (const id of titleIds) titles.delete(id);
    for (const title of answer.titles) titles.set(title.id, title);
    return true;
  }

  async function listTitles(cursor: string): Promise<{ entries: Title[]; nextCursor: string }> {
    const answer = await catalog.listTitles({ cursor }, options);
    return { entries: answer.titles, nextCursor: answer.nextCursor };
  }

  async function listPeople(cursor: string): Promise<{ entries: Person[]; nextCursor: string }> {
    const answer = await peopleService.listPeople({ cursor }, options);
    return { entries: answer.people, nextCursor: answer.nextCursor };
  }

  const refresher = refreshing({ refresh, everyMs: REFRESH_EVERY_MS, logger });
  const tell = (ids: (records: readonly LogRecord[]) => Iterable<string> | 'all') => (records: readonly LogRecord[]) => {
    refresher.ask(ids(records));
    return Promise.resolve();
  };
  const subscriptions = [
    log.subscribe(
      { topic: TITLES_TOPIC, group: 'home' },
      tell((records) => records.map(({ key }) => key)),
    ),
    // A person's name stands in the titles that credit them.
    log.subscribe(
      { topic: PEOPLE_TOPIC, group: 'home' },
      tell(() => 'all'),
    ),
  ];
  return {
    known() {
      if (known === null) throw new RpcError('unavailable', 'the catalogue has not answered yet; try again');
      return known;
    },
    async close() {
      for (const subscription of subscriptions) await subscription.close();
      await refresher.close();
    },
  };
}

/** What one call asks for. */
const IDS_AT_ONCE = 200;

function standsAlone(title: Title | undefined): boolean {
  return title === undefined || title.kind === TitleKind.MOVIE;
}

async function everyPage<T>(ask: (cursor: string) => Promise<{ entries: T[]; nextCursor: string }>): Promise<T[]> {
  const all: T[] = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await ask(cursor);
    all.push(...answer.entries);
    cursor = answer.nextCursor;
    if (cursor === '') return all;
  }
  throw new Error(`a listing of the catalogue does not end after ${PAGES_MAX} pages`);
}

function replaceAll<T extends { readonly id: string }>(map: Map<string, T>, entries: readonly T[]): void {
  map.clear();
  for (const entry of entries) map.set(entry.id, entry);
}
