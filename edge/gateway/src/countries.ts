import { fileURLToPath } from 'node:url';
import { open } from 'maxmind';
import type { CityResponse } from 'maxmind';
import type { CountrySource } from '@bioscope/passport';

/** Where a client is, as far as its address tells. */
export type Countries = { of(address: string): { readonly country: string; readonly countryFrom: CountrySource } };

/** CC0, made from what the regional registries publish: good for countries, silent on private networks. */
const TABLE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';
/** Answers that the reader keeps: some hundred countries, each decoded once. */
const ANSWERS_KEPT_MAX = 1_024;
const UNKNOWN = { country: '', countryFrom: 'unknown' } as const;

/** `otherwise` is the operator's country for addresses that no registry knows, such as a laptop's own; "" where there is none. */
export async function openCountries(otherwise: string): Promise<Countries> {
  const table = await open<CityResponse>(fileURLToPath(import.meta.resolve(TABLE)), { cache: { max: ANSWERS_KEPT_MAX } });
  const elsewhere = otherwise === '' ? UNKNOWN : ({ country: otherwise, countryFrom: 'setting' } as const);
  return {
    of(address) {
      const country = codeIn(table.get(address.startsWith('::ffff:') ? address.slice(7) : address));
      return country === undefined ? elsewhere : { country, countryFrom: 'address' };
    },
  };
}

/** The table's rows are flat, unlike those the reader's types know. */
function codeIn(row: object | null): string | undefined {
  const code = row !== null && 'country_code' in row ? row.country_code : undefined;
  return typeof code === 'string' && /^[A-Z]{2}$/.test(code) ? code : undefined;
}
