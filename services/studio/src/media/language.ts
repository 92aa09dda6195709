/** The BCP 47 tag for what a container says ("ger", "fre", "pt-BR"); "und" when it says nothing that can be understood. */
export function languageTag(declared: string | undefined): string {
  if (declared === undefined || declared === '' || declared.length > TAG_CHARACTERS_MAX) return 'und';
  try {
    return Intl.getCanonicalLocales(declared)[0] ?? 'und';
  } catch (fault) {
    if (fault instanceof RangeError) return 'und';
    throw fault;
  }
}

/** RFC 5646, 4.4.1: no registered tag is longer. */
const TAG_CHARACTERS_MAX = 35;
