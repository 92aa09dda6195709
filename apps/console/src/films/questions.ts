import { CatalogService, TitleKind, type Title } from '@bioscope/catalog/contract';
import { StudioService, type Work } from '@bioscope/studio/contract';
import type { Call } from '../api/call.ts';
import { isUnderWay, type Film } from './film.ts';

/** While films are prepared their bars move. Not by a long poll for each: browsers open six connections to a host. */
const MOVING_MS = 1_000;
const RESTING_MS = 10_000;
/** Pages of 500 titles; more films than that are found through the search of the members' app. */
const PAGES_MAX = 20;

export type Library = { readonly titles: readonly Title[]; readonly works: readonly Work[]; readonly askedAtMs: number };

/** Everything that can be played or will be. */
export function askLibrary(call: Call): { ask: (signal: AbortSignal) => Promise<Library>; againAfterMs: (library: Library) => number } {
  return {
    async ask(signal) {
      const [titles, { work }] = await Promise.all([allTitles(call, signal), call(StudioService.method.listWork, {}, { signal })]);
      return { titles, works: work, askedAtMs: Date.now() };
    },
    againAfterMs: ({ works }) => (works.some((work) => isUnderWay({ work })) ? MOVING_MS : RESTING_MS),
  };
}

/** Seasons are on the pages of their series. */
const LISTED = [TitleKind.MOVIE, TitleKind.EPISODE, TitleKind.SERIES];

async function allTitles(call: Call, signal: AbortSignal): Promise<Title[]> {
  const titles: Title[] = [];
  let cursor = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await call(CatalogService.method.listTitles, { cursor, kinds: LISTED }, { signal });
    titles.push(...answer.titles);
    cursor = answer.nextCursor;
    if (cursor === '') break;
  }
  return titles;
}

/** One film. The studio may have forgotten it, or the catalogue not know it yet: then the other half is shown. */
export function askFilm(
  call: Call,
  titleId: string,
): { ask: (signal: AbortSignal) => Promise<Film>; againAfterMs: (film: Film) => number } {
  return {
    async ask(signal) {
      const [{ title }, { work: works }] = await Promise.all([
        call(CatalogService.method.getTitle, { titleId }, { signal }),
        call(StudioService.method.listWork, {}, { signal }),
      ]);
      const work = works.find((each) => each.titleId === titleId);
      return {
        id: titleId,
        name: title?.name ?? work?.name ?? '',
        sinceMs: title?.createdAtMs ?? 0,
        ...(title === undefined ? {} : { title }),
        ...(work === undefined ? {} : { work }),
      };
    },
    againAfterMs: (film) => (isUnderWay(film) ? MOVING_MS : RESTING_MS),
  };
}
