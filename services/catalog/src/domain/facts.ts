import { GENRES, MATURITIES, type DescribeTitleRequest, type Genre, type Maturity, type Translation } from '../../contract/index.ts';
import { readDescription, textProblems } from './description.ts';
import type { TitleFacts, TitleRecord, TranslationRecord } from './title.ts';

/** In characters: a sentence or two. */
const SYNOPSIS_SHORT_CHARACTERS_MAX = 300;
/** More languages than any service has; with their texts they stay far below what one event may hold. */
const TRANSLATIONS_MAX = 40;
/** An event is at most 256 KiB; texts of 40 languages at their longest would pass it. */
const TRANSLATIONS_BYTES_MAX = 200 * 1024;
/** Who belongs everywhere can be found nowhere. */
const GENRES_PER_TITLE_MAX = 8;

export type FactsVerdict =
  | { readonly kind: 'facts'; readonly facts: Partial<TitleFacts> }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Reads what a request says of a title, only that; every problem at once. */
export function readFacts(request: DescribeTitleRequest, { kind }: Pick<TitleRecord, 'kind'>): FactsVerdict {
  const problems: string[] = [];
  const facts = {
    ...descriptionFacts(request, kind, problems),
    ...(request.synopsisShort === undefined ? {} : { synopsisShort: readShort('synopsis_short', request.synopsisShort, problems) }),
    ...(request.originalLanguage === undefined
      ? {}
      : { originalLanguage: request.originalLanguage === '' ? '' : readLanguage('original_language', request.originalLanguage, problems) }),
    ...(request.genres === undefined ? {} : { genres: readGenres(request.genres.ids, problems) }),
    ...(request.rating === undefined ? {} : { maturity: readMaturity(request.rating.maturity, problems) }),
    ...(request.translations === undefined ? {} : { translations: readTranslations(request.translations.translations, problems) }),
  };
  return problems.length === 0 ? { kind: 'facts', facts } : { kind: 'refused', problems };
}

function descriptionFacts(
  { name, synopsis, year, credit, licence, sourceUrl }: DescribeTitleRequest,
  kind: TitleRecord['kind'],
  problems: string[],
): Partial<TitleFacts> {
  const given = Object.fromEntries(
    Object.entries({ name, synopsis, year, credit, licence, sourceUrl }).filter(([, value]) => value !== undefined),
  );
  const verdict = readDescription(
    { name: '', synopsis: '', year: 0, credit: '', licence: '', sourceUrl: '', ...given },
    { nameMayBeEmpty: name === undefined || kind === 'season' },
  );
  if (verdict.kind === 'refused') {
    problems.push(...verdict.problems);
    return {};
  }
  return Object.fromEntries(Object.entries(verdict.description).filter(([field]) => field in given));
}

function readShort(field: string, given: string, problems: string[]): string {
  const text = given.trim();
  problems.push(...textProblems(field, text, SYNOPSIS_SHORT_CHARACTERS_MAX));
  return text;
}

function readLanguage(field: string, tag: string, problems: string[]): string {
  try {
    const [language] = Intl.getCanonicalLocales(tag);
    if (language !== undefined && language.length <= 35) return language;
  } catch {
    // Said below.
  }
  problems.push(`${field} is ${JSON.stringify(tag.slice(0, 40))}; a language tag such as "de" or "pt-BR" is wanted`);
  return '';
}

function readGenres(ids: readonly string[], problems: string[]): readonly Genre[] {
  const genres = GENRES.filter((genre) => ids.includes(genre));
  const unknown = ids.filter((id) => !GENRES.some((genre) => genre === id)).slice(0, 3);
  if (unknown.length > 0) problems.push(`genres: there is no ${unknown.map((id) => JSON.stringify(id.slice(0, 40))).join(', ')}`);
  if (genres.length > GENRES_PER_TITLE_MAX) problems.push(`genres are ${genres.length}; at most ${GENRES_PER_TITLE_MAX} are taken`);
  return genres;
}

function readMaturity(given: number | undefined, problems: string[]): Maturity | null {
  const maturity = MATURITIES.find((age) => age === given);
  if (given !== undefined && maturity === undefined) problems.push(`rating.maturity is ${given}; ${MATURITIES.join(', ')} are wanted`);
  return maturity ?? null;
}

function readTranslations(given: readonly Translation[], problems: string[]): readonly TranslationRecord[] {
  if (given.length > TRANSLATIONS_MAX) {
    problems.push(`translations are ${given.length}; at most ${TRANSLATIONS_MAX} are taken`);
    return [];
  }
  const translations = given.map((each, index) => {
    const field = `translations[${index}]`;
    const language = readLanguage(`${field}.language`, each.language, problems);
    const verdict = readDescription(
      { name: each.name, synopsis: each.synopsis, year: 0, credit: '', licence: '', sourceUrl: '' },
      { nameMayBeEmpty: true },
    );
    if (verdict.kind === 'refused') problems.push(...verdict.problems.map((problem) => `${field}.${problem}`));
    const synopsisShort = readShort(`${field}.synopsis_short`, each.synopsisShort, problems);
    return { language, name: each.name.trim(), synopsis: each.synopsis.trim(), synopsisShort };
  });
  const tags = translations.map(({ language }) => language.toLowerCase());
  const twice = tags.find((tag, index) => tag !== '' && tags.indexOf(tag) !== index);
  if (twice !== undefined) problems.push(`translations has ${JSON.stringify(twice)} twice`);
  if (Buffer.byteLength(JSON.stringify(translations)) > TRANSLATIONS_BYTES_MAX)
    problems.push(`translations take more than ${TRANSLATIONS_BYTES_MAX} bytes together`);
  return translations;
}
