/**
 * How numbers and dates are written: as in the viewer's own region where the browser names one for this language (`de-AT`), always in the digits 0 to 9:
 * times, resolutions and card numbers are written in them in every language here, and two kinds of digits on one page confuse.
 */
export function localeFor(language: string, preferred: readonly string[]): string {
  const primary = language.split('-')[0] ?? language;
  const tag = language === primary ? (preferred.find((each) => each.toLowerCase().split('-')[0] === primary) ?? language) : language;
  try {
    return new Intl.Locale(tag, { numberingSystem: 'latn' }).toString();
  } catch {
    return language;
  }
}
