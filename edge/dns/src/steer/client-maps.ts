import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ClientMaps } from './compile-steering.ts';
import type { SteeringConfig } from './config.ts';
import { openCountryTable } from './country-table.ts';
import type { CountryTable } from './country-table.ts';
import { NOBODY_NEAR, parseLatencies, parseOperatorPrefixes } from './near-list.ts';
import type { NearList } from './near-list.ts';

/** CC0, made from what the regional registries publish. */
const OWN_TABLE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/** Everything that is known of client networks. Rejects when a file is missing or wrong, and names the setting and the lines. */
export async function openClientMaps(config: SteeringConfig): Promise<ClientMaps> {
  return {
    operator: await readList(config.prefixesFile, 'BIOSCOPE_DNS_PREFIXES', parseOperatorPrefixes),
    latencies: await readList(config.latenciesFile, 'BIOSCOPE_DNS_LATENCIES', parseLatencies),
    countries: await openCountries(config.countriesFile),
  };
}

async function readList(file: string, setting: string, parse: (text: string) => NearList): Promise<NearList> {
  if (file === '') return NOBODY_NEAR;
  try {
    return parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new Error(`dns cannot start: ${setting} (${file}): ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function openCountries(file: string): Promise<CountryTable | null> {
  if (file === 'none') return null;
  return openCountryTable(file === '' ? fileURLToPath(import.meta.resolve(OWN_TABLE)) : file);
}
