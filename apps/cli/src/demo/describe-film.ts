import { EditorialService, PeopleService } from '@bioscope/catalog/contract';
import { ApiError } from '../service/api.ts';
import type { Api } from '../service/api.ts';
import { DEMO_FACTS, DEMO_SERIES } from './film-facts.ts';
import type { DemoFacts } from './film-facts.ts';

/**
 * Says of a demo film what operators say of titles: genres, rating, people, texts in other languages; and puts it into its series. May be repeated. What an
 * operator has removed meanwhile, the series too, stays removed.
 */
export async function describeFilm(api: Pick<Api, 'call'>, film: { readonly slug: string; readonly titleId: string }): Promise<void> {
  const facts = DEMO_FACTS[film.slug];
  if (facts === undefined) return;
  await unlessRemoved(async () => {
    await describeTitle(api, film.titleId, facts);
    if (facts.people.length > 0) await creditPeople(api, film.titleId, facts.people);
    if (facts.episode !== null) await placeInSeries(api, film.titleId, facts.episode);
  });
}

async function describeTitle(api: Pick<Api, 'call'>, titleId: string, facts: DemoFacts): Promise<void> {
  await api.call(EditorialService.method.describeTitle, {
    titleId,
    synopsisShort: facts.synopsisShort,
    originalLanguage: facts.originalLanguage,
    genres: { ids: [...facts.genres] },
    rating: { maturity: facts.maturity },
    translations: { translations: facts.translations.map((each) => ({ ...each })) },
  });
}

async function creditPeople(api: Pick<Api, 'call'>, titleId: string, people: DemoFacts['people']): Promise<void> {
  for (const { personId, name, otherNames } of people)
    await api.call(PeopleService.method.putPerson, { personId, name, otherNames: [...otherNames] });
  await api.call(EditorialService.method.setPeople, { titleId, people: people.map(({ personId, job }) => ({ personId, job })) });
}

async function placeInSeries(api: Pick<Api, 'call'>, titleId: string, number: number): Promise<void> {
  const { titleId: seriesId, seasonId, name, synopsis, facts } = DEMO_SERIES;
  await api.call(EditorialService.method.createSeries, { titleId: seriesId, name, synopsis });
  await describeTitle(api, seriesId, facts);
  await api.call(EditorialService.method.addSeason, { titleId: seasonId, seriesId, number: 1 });
  await api.call(EditorialService.method.placeEpisode, { titleId, seasonId, number });
}

async function unlessRemoved(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError) || !REMOVED.has(error.code)) throw error;
  }
}

const REMOVED: ReadonlySet<string> = new Set(['failed_precondition', 'not_found']);
