import { SHARED_ENGINES_VARIABLE } from '../config.ts';
import type { Environment } from '../config.ts';
import type { CassandraAddresses } from '../cassandra/start-cassandra.ts';
import type { KafkaAddresses } from '../kafka/start-kafka.ts';
import type { EngineKind } from '../kinds.ts';
import type { S3Addresses } from '../s3/start-s3.ts';

export type AddressesOf = { readonly cassandra: CassandraAddresses; readonly kafka: KafkaAddresses; readonly s3: S3Addresses };

/** What a run of many test files says to each of them, as JSON in one variable of the environment. */
export type SharedEngines = {
  /** Single-node engines that run already. */
  readonly running: { readonly [Kind in EngineKind]?: AddressesOf[Kind] };
  /** Why tests on an engine shall not run; shown with each. */
  readonly skipped: { readonly [Kind in EngineKind]?: string };
};

export function writeSharedEngines(shared: SharedEngines): Record<string, string> {
  return { [SHARED_ENGINES_VARIABLE]: JSON.stringify(shared) };
}

/** Null when the test file runs on its own. Throws when the variable is not ours. */
export function readSharedEngines(environment: Environment): SharedEngines | null {
  const text = environment[SHARED_ENGINES_VARIABLE];
  if (text === undefined || text === '') return null;
  const value = JSON.parse(text) as Partial<SharedEngines> | null;
  if (typeof value?.running !== 'object' || typeof value.skipped !== 'object') {
    throw new Error(`${SHARED_ENGINES_VARIABLE} is set by "bioscope test" and must not be written by hand`);
  }
  return { running: value.running, skipped: value.skipped };
}
