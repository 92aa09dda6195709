import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment, serverEnvironment } from '../config.ts';
import { chooseAddresses, refuseTaken } from '../running/choose-addresses.ts';
import { openEngineFolder } from '../running/engine-folder.ts';
import type { EngineFolder } from '../running/engine-folder.ts';
import { javaFor } from '../running/java-command.ts';
import { startTogether } from '../running/running-engine.ts';
import type { Running } from '../running/running-engine.ts';
import { serverProcess } from '../running/server-process.ts';
import type { EngineNode } from '../running/server-process.ts';
import type { StartOptions } from '../running/start-options.ts';
import { setUp } from '../setup/set-up.ts';
import { allSeeAll } from './all-see-all.ts';
import { cassandraArguments } from './java-options.ts';
import { CASSANDRA_PORTS, cassandraLayout } from './layout.ts';
import type { CassandraLayout, CassandraNode } from './layout.ts';
import { nativeAnswers } from './native-answers.ts';
import { writeConfiguration } from './write-configuration.ts';

export type CassandraOptions = StartOptions & {
  /** Default 1. */
  readonly nodes?: 1 | 3;
  /** 3: three nodes, one in each of `region-a`, `region-b` and `witness`. Default 1: all in `region-a`. */
  readonly dataCentres?: 1 | 3;
};

export type CassandraAddresses = {
  /** `host:port`, one per node. */
  readonly contactPoints: readonly string[];
  /** The data centre of the first node. */
  readonly localDataCentre: string;
  readonly nodes: readonly { readonly contactPoint: string; readonly dataCentre: string; readonly rack: string }[];
};

/** Three nodes that start together on two cores. */
const START_DEADLINE_MS = 180_000;
const TOGETHER_DEADLINE_MS = 90_000;
/** It flushes its memtables before it goes. */
const STOP_DEADLINE_MS = 20_000;
const PORTS = Object.values(CASSANDRA_PORTS);

/**
 * Starts Apache Cassandra on loopback addresses and resolves when every node answers and knows the others. Acknowledged writes survive
 * SIGKILL of any node. Memory: about 1 GiB per node.
 */
export async function startCassandra(options: CassandraOptions = {}): Promise<Running<CassandraAddresses>> {
  const environment = options.environment ?? processEnvironment();
  const dataCentres = options.dataCentres ?? 1;
  const count = dataCentres === 3 ? 3 : (options.nodes ?? 1);
  const artefact = await setUp({ kind: 'cassandra', environment, say: options.say ?? (() => {}) });
  const java = javaFor('cassandra', environment);
  const folder = await openEngineFolder('cassandra', options.folder);
  try {
    const layout = await folder.layout(async () => cassandraLayout(await chooseAddresses(options.addresses, count, PORTS), dataCentres));
    refuseOtherShape(layout, count, dataCentres, folder.path);
    const addresses = layout.nodes.map((node) => node.address);
    await refuseTaken('Cassandra', addresses, PORTS);
    const node = (each: CassandraNode): EngineNode =>
      cassandraNode({
        node: each,
        seeds: addresses,
        folder,
        java,
        lib: join(artefact, 'lib'),
        env: serverEnvironment(environment),
        options,
      });
    return await startTogether({
      folder,
      nodes: layout.nodes.map(node),
      addresses: clientAddresses(layout),
      together: () => allSeeAll(layout.nodes),
      togetherDeadlineMs: TOGETHER_DEADLINE_MS,
    });
  } catch (error) {
    folder.close();
    throw error;
  }
}

function cassandraNode(on: {
  node: CassandraNode;
  seeds: readonly string[];
  folder: EngineFolder;
  java: string;
  lib: string;
  env: Record<string, string>;
  options: CassandraOptions;
}): EngineNode {
  const { node, folder } = on;
  const nodeFolder = join(folder.path, node.name);
  const confFolder = join(nodeFolder, 'conf');
  mkdirSync(join(nodeFolder, 'tmp'), { recursive: true });
  writeConfiguration(confFolder, node, on.seeds);
  return serverProcess({
    name: node.name,
    address: node.address,
    command: on.java,
    args: cassandraArguments({ lib: on.lib, nodeFolder, confFolder, shortLived: folder.temporary }),
    env: on.env,
    cwd: nodeFolder,
    logFile: join(nodeFolder, 'system.log'),
    recordFolder: join(folder.path, 'processes'),
    startDeadlineMs: START_DEADLINE_MS,
    stopDeadlineMs: STOP_DEADLINE_MS,
    answers: () => nativeAnswers(node.address, CASSANDRA_PORTS.native),
    ...(on.options.onLost === undefined ? {} : { onLost: on.options.onLost }),
  });
}

function clientAddresses({ nodes }: CassandraLayout): CassandraAddresses {
  const contactPoint = (node: CassandraNode): string => `${node.address}:${CASSANDRA_PORTS.native}`;
  return {
    contactPoints: nodes.map(contactPoint),
    localDataCentre: nodes[0]?.dataCentre ?? '',
    nodes: nodes.map((node) => ({ contactPoint: contactPoint(node), dataCentre: node.dataCentre, rack: node.rack })),
  };
}

/** Nodes are not added to or taken from a cluster that has data: that is an operator's work, not a start option. */
function refuseOtherShape(layout: CassandraLayout, nodes: number, dataCentres: number, folder: string): void {
  const found = { nodes: layout.nodes.length, dataCentres: new Set(layout.nodes.map((node) => node.dataCentre)).size };
  if (found.nodes === nodes && found.dataCentres === dataCentres) return;
  throw new Error(
    `${folder} holds a Cassandra of ${found.nodes} node(s) in ${found.dataCentres} data centre(s), asked for are ${nodes} in ${dataCentres}: choose another folder`,
  );
}
