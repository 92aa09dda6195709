/** The languages that Bioscope speaks, the one that the others fall back to first. */
export const LANGUAGES = ['en', 'de', 'es', 'hi', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LAST_LANGUAGE: Language = 'en';

/** What the texts are for. */
export const BUNDLES = ['web', 'refusals'] as const;
export type Bundle = (typeof BUNDLES)[number];

/** `de`, `de-AT`, `zh-Hant-TW`: enough of BCP 47 for what browsers and profiles name. */
const TAG = /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i;
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

export function isLanguageTag(text: string): boolean {
  return TAG.test(text);
}

export function isBundle(text: string): text is Bundle {
  return BUNDLES.some((bundle) => bundle === text);
}

/** The one of ours that a tag belongs to: `de-AT` to `de`; undefined for languages that we do not speak. */
export function languageOf(tag: string): Language | undefined {
  const primary = tag.toLowerCase().split('-')[0];
  return LANGUAGES.find((language) => language === primary);
}

export function directionOf(tag: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(tag.toLowerCase().split('-')[0] ?? '') ? 'rtl' : 'ltr';
}

/** Where texts are looked for, best first: `de-AT`, `de`, `en` (lookup of RFC 4647, 3.4, and English at the end). */
export function fallbacksOf(tag: string): string[] {
  const parts = canonical(tag).split('-');
  const own = parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-'));
  return own.at(-1) === LAST_LANGUAGE ? own : [...own, LAST_LANGUAGE];
}

/** The best of `available` for who wants these languages, the most wanted first. English when none fits. */
export function chooseLanguage(wanted: readonly string[], available: readonly string[]): string {
  for (const tag of wanted.filter(isLanguageTag)) {
    const own = fallbacksOf(tag).filter((fallback) => fallback !== LAST_LANGUAGE || languageOf(tag) === LAST_LANGUAGE);
    const found = own.find((fallback) => available.includes(fallback));
    if (found !== undefined) return found;
  }
  return LAST_LANGUAGE;
}

/** What an `Accept-Language` names, the most wanted first (RFC 9110, 12.5.4). A weight of zero is a refusal. */
export function parseAcceptLanguage(header: string): string[] {
  const parts = header.slice(0, HEADER_CHARACTERS_READ).split(',');
  const weighted = parts.map((part, place) => {
    const [tag = '', ...parameters] = part.split(';').map((each) => each.trim());
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    return { tag, weight, place };
  });
  return weighted
    .filter(({ tag, weight }) => isLanguageTag(tag) && weight > 0)
    .sort((one, other) => other.weight - one.weight || one.place - other.place)
    .map(({ tag }) => canonical(tag));
}

/** Nobody reads more languages than fit here. */
const HEADER_CHARACTERS_READ = 500;

/** `DE-at` as `de-AT`: case does not matter in tags, but keys are compared by it. */
function canonical(tag: string): string {
  const [primary = '', ...more] = tag.split('-');
  const rest = more.map((part) => {
    if (part.length === 2) return part.toUpperCase();
    return part.length === 4 ? part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase() : part.toLowerCase();
  });
  return [primary.toLowerCase(), ...rest].join('-');
}
