/** What of a title is written in people's languages. */
export type TitleTexts = { readonly name: string; readonly synopsis: string; readonly synopsisShort: string };

/**
 * The title's texts in a language (BCP 47), each with fallback: the very tag, then without its region and script, then the title's own. Empty language: the
 * title's own.
 */
export function textsIn(
  title: TitleTexts & { readonly translations: readonly (TitleTexts & { readonly language: string })[] },
  language: string,
): TitleTexts {
  const wanted = fallbacks(language).flatMap((tag) => title.translations.filter((each) => each.language.toLowerCase() === tag));
  const first = (read: (texts: TitleTexts) => string): string => wanted.map(read).find((text) => text !== '') ?? read(title);
  return {
    name: first((texts) => texts.name),
    synopsis: first((texts) => texts.synopsis),
    synopsisShort: first((texts) => texts.synopsisShort),
  };
}

/** `zh-Hant-TW`, `zh-Hant`, `zh` (RFC 4647, 3.4), lower case. */
function fallbacks(language: string): string[] {
  const parts = language.toLowerCase().split('-');
  return parts.map((_, cut) => parts.slice(0, parts.length - cut).join('-')).filter((tag) => tag !== '');
}
