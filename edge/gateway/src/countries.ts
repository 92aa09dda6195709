import { fileURLToPath } from 'node:url';
import { open } from 'maxmind';
import type { CityResponse } from 'maxmind';
import type { CountrySource } from '@bioscope/passport';

/** Where a client is, as far as its address tells. */
export type Countries = { of(address: string): { readonly country: string; readonly countryFrom: CountrySource } };

/** CC0, made from what the regional registries publish: good for countries, silent on private networks. */
const OWN_TABLE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';
/** Answers that the reader keeps: some hundred countries, each decoded once. */
const ANSWERS_KEPT_MAX = 1_024;
const UNKNOWN = { country: '', countryFrom: 'unknown' } as const;

/**
 * `otherwise` is the operator's country for addresses that no registry knows, such as a laptop's own; "" where there is none. `table` is a file in
 * MaxMind's format with a `country_code`, or GeoLite2's `country.iso_code`; "" the table that comes along, "none" none. Rejects when it cannot be read.
 */
export async function openCountries({ otherwise, table: chosen }: { otherwise: string; table: string }): Promise<Countries> {
  const file = chosen === '' ? fileURLToPath(import.meta.resolve(OWN_TABLE)) : chosen;
  const table = chosen === 'none' ? null : await open<CityResponse>(file, { cache: { max: ANSWERS_KEPT_MAX } });
  const elsewhere = otherwise === '' ? UNKNOWN : ({ country: otherwise, countryFrom: 'setting' } as const);
  return {
    of(address) {
      const country = codeIn(table?.get(address.startsWith('::ffff:') ? address.slice(7) : address) ?? null);
      return country === undefined ? elsewhere : { country, countryFrom: 'address' };
    },
  };
}

/** Our table's rows are flat, unlike those the reader's types know. */
function codeIn(row: CityResponse | null): string | undefined {
  if (row === null) return undefined;
  const code: unknown = 'country_code' in row ? row.country_code : row.country?.iso_code;
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : undefined;
}
