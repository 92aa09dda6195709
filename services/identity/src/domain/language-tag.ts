const CHARACTERS_MAX = 35;

/** The canonical form of a BCP 47 tag; null for what is none. */
export function readLanguage(text: string): string | null {
  if (text.length > CHARACTERS_MAX) return null;
  try {
    return Intl.getCanonicalLocales(text)[0] ?? null;
  } catch {
    // RangeError: not a tag.
    return null;
  }
}
