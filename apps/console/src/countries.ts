/** Regions of CLDR that are no country anybody watches in. */
const NOT_A_COUNTRY = new Set(['EU', 'EZ', 'UN', 'QO', 'XA', 'XB', 'ZZ']);
const LETTERS = Array.from({ length: 26 }, (_, at) => String.fromCodePoint(65 + at));

/** ISO 3166-1 alpha-2 → English name, as the browser knows them. */
export function countryNames(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return new Map(
    codes.flatMap((code) => {
      const name = NOT_A_COUNTRY.has(code) ? undefined : names.of(code);
      return name === undefined ? [] : [[code, name] as const];
    }),
  );
}
