import type { TitleDescription } from './title.ts';

/** In characters as people count them (code points). */
const NAME_CHARACTERS_MAX = 200;
const SYNOPSIS_CHARACTERS_MAX = 4000;
const CREDIT_CHARACTERS_MAX = 500;
const LICENCE_CHARACTERS_MAX = 200;
const URL_CHARACTERS_MAX = 2000;
/** The first moving picture, and far enough ahead for what is announced. */
const YEAR_MIN = 1874;
const YEAR_MAX = 2200;

export type DescriptionVerdict =
  | { readonly kind: 'description'; readonly description: TitleDescription }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Trims and checks what an operator says about a title; every problem at once. Seasons need no name: their number says enough. */
export function readDescription(given: TitleDescription, { nameMayBeEmpty = false } = {}): DescriptionVerdict {
  const description = {
    name: given.name.trim(),
    synopsis: given.synopsis.trim(),
    year: given.year,
    credit: given.credit.trim(),
    licence: given.licence.trim(),
    sourceUrl: given.sourceUrl.trim(),
  };
  const problems = [
    ...(description.name === '' && !nameMayBeEmpty ? ['name is empty'] : []),
    ...textProblems('name', description.name, NAME_CHARACTERS_MAX),
    ...textProblems('synopsis', description.synopsis, SYNOPSIS_CHARACTERS_MAX),
    ...textProblems('credit', description.credit, CREDIT_CHARACTERS_MAX),
    ...textProblems('licence', description.licence, LICENCE_CHARACTERS_MAX),
    ...textProblems('source_url', description.sourceUrl, URL_CHARACTERS_MAX),
    ...yearProblems(description.year),
    ...urlProblems(description.sourceUrl),
  ];
  return problems.length === 0 ? { kind: 'description', description } : { kind: 'refused', problems };
}

/** Line breaks and tabs belong into a synopsis; other control characters belong nowhere. */
// oxlint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

export function textProblems(field: string, text: string, charactersMax: number): string[] {
  const characters = Array.from(text).length;
  if (characters > charactersMax) return [`${field} has ${characters} characters; at most ${charactersMax} are taken`];
  return CONTROL.test(text) ? [`${field} holds a control character`] : [];
}

function yearProblems(year: number): string[] {
  return year === 0 || (year >= YEAR_MIN && year <= YEAR_MAX) ? [] : [`year is ${year}; ${YEAR_MIN} to ${YEAR_MAX}, or 0 when not known`];
}

/** The address becomes a link in the members' app, so that `javascript:` must not pass. */
function urlProblems(url: string): string[] {
  if (url === '') return [];
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol) ? [] : ['source_url is no http or https address'];
}
