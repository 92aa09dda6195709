import { processEnvironment } from '../config.ts';
import type { Environment } from '../config.ts';
import { startCassandra } from '../cassandra/start-cassandra.ts';
import { startKafka } from '../kafka/start-kafka.ts';
import type { EngineKind } from '../kinds.ts';
import type { Running } from '../running/running-engine.ts';
import type { EngineNode } from '../running/server-process.ts';
import { startS3 } from '../s3/start-s3.ts';
import { readSharedEngines } from './shared-engines.ts';
import type { AddressesOf } from './shared-engines.ts';

export type EngineForTests<Kind extends EngineKind> = {
  readonly addresses: AddressesOf[Kind];
  /** To kill, pause and start again; empty when the engine is shared with other test files. */
  readonly nodes: readonly EngineNode[];
  /** Ends a private engine and removes its files; a shared one stays. Call it in `after`, else the test file does not end. */
  release(): Promise<void>;
};

export type EngineForTestsOptions = {
  /** 3 always starts a private cluster. */
  readonly nodes?: 1 | 3;
  /** Cassandra only: 3 starts a private cluster with one node in each of three data centres. */
  readonly dataCentres?: 1 | 3;
  /** A private engine also where one is shared: the test kills or pauses it. */
  readonly alone?: boolean;
  /** Default: this process's. */
  readonly environment?: Environment;
  /** Told of slow steps (the first set-up) in one line each. */
  readonly say?: (line: string) => void;
};

/**
 * An engine for a test file: the shared one of this run of `./bioscope test`, else a private one in a temporary folder. Files must not
 * collide on a shared one: use a keyspace, topics or a key prefix with a random name. Ask `engineMissing` first.
 */
export async function engineForTests<Kind extends EngineKind>(
  kind: Kind,
  options: EngineForTestsOptions = {},
): Promise<EngineForTests<Kind>> {
  const environment = options.environment ?? processEnvironment();
  const single = options.nodes !== 3 && options.dataCentres !== 3;
  const shared = single && options.alone !== true ? readSharedEngines(environment)?.running[kind] : undefined;
  if (shared !== undefined) return { addresses: shared, nodes: [], release: async () => {} };
  const running = await STARTS[kind]({ ...options, environment });
  return { addresses: running.addresses, nodes: running.nodes, release: () => running.stop() };
}

const STARTS: { readonly [Kind in EngineKind]: (options: EngineForTestsOptions) => Promise<Running<AddressesOf[Kind]>> } = {
  cassandra: startCassandra,
  kafka: startKafka,
  s3: startS3,
};
