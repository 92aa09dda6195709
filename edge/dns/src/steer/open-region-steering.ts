import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { RegionsService } from '@bioscope/regions/contract';
import type { Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { compileSteering } from './compile-steering.ts';
import type { ClientMaps } from './compile-steering.ts';
import { readSteeringConfig } from './config.ts';
import { openCountryTable } from './country-table.ts';
import type { CountryTable } from './country-table.ts';
import { followRegions } from './follow-regions.ts';
import { keptPicture } from './kept-picture.ts';
import { NOBODY_NEAR, parseLatencies, parseOperatorPrefixes } from './near-list.ts';
import type { NearList } from './near-list.ts';
import type { Steering } from './port.ts';
import { readPicture } from './steering-picture.ts';

/** CC0, made from what the regional registries publish. */
const OWN_TABLE = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';

/**
 * Steering that follows the regions unit. It answers from the picture on disk at once, and with no addresses only where no picture ever came. Rejects when a setting or a file is
 * wrong, and says which.
 */
export async function openRegionSteering({
  rpc,
  log,
  environment,
}: {
  rpc: Pick<Rpc, 'client'>;
  log: Logger;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<{ steering: Steering; close(): Promise<void> }> {
  const config = readSteeringConfig(environment);
  const maps: ClientMaps = {
    operator: await readList(config.prefixesFile, 'BIOSCOPE_DNS_PREFIXES', parseOperatorPrefixes),
    latencies: await readList(config.latenciesFile, 'BIOSCOPE_DNS_LATENCIES', parseLatencies),
    countries: await openCountries(config.countriesFile),
  };
  let compiled = compileSteering({ regions: [], ttlSeconds: 1 }, maps);
  const following = await followRegions({
    client: rpc.client(RegionsService),
    kept: keptPicture(config.pictureFile),
    log,
    onPicture(picture) {
      compiled = compileSteering(readPicture(picture), maps);
    },
  });
  return {
    steering: {
      answer: (name, client) => compiled.answer(name, client),
      explain: (name, client) => compiled.explain(name, client),
    },
    close: () => following.stop(),
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
