import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment, serverEnvironment } from '../config.ts';
import { chooseAddresses, refuseTaken } from '../running/choose-addresses.ts';
import { openEngineFolder } from '../running/engine-folder.ts';
import { javaFor } from '../running/java-command.ts';
import { startTogether } from '../running/running-engine.ts';
import type { Running } from '../running/running-engine.ts';
import { serverProcess } from '../running/server-process.ts';
import type { EngineNode } from '../running/server-process.ts';
import type { StartOptions } from '../running/start-options.ts';
import { runTool } from '../setup/run-tool.ts';
import { setUp } from '../setup/set-up.ts';
import { brokersKnown } from './brokers-known.ts';
import { brokerArguments, formatArguments } from './java-options.ts';
import { KAFKA_PORTS, kafkaLayout } from './layout.ts';
import type { KafkaLayout, KafkaNode } from './layout.ts';
import { writeConfiguration } from './write-configuration.ts';

export type KafkaOptions = StartOptions & {
  /** Default 1. */
  readonly nodes?: 1 | 3;
};

export type KafkaAddresses = {
  /** `host:port`, one per broker. */
  readonly bootstrap: readonly string[];
};

const START_DEADLINE_MS = 120_000;
const TOGETHER_DEADLINE_MS = 60_000;
/** A controlled shutdown hands leadership over first. */
const STOP_DEADLINE_MS = 20_000;
const FORMAT_DEADLINE_MS = 60_000;
const PORTS = Object.values(KAFKA_PORTS);

/**
 * Starts Apache Kafka on loopback addresses and resolves when every broker answers and knows the others. Topics are not created on use.
 * Memory: about 500 MiB per broker.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<Running<KafkaAddresses>> {
  const environment = options.environment ?? processEnvironment();
  const count = options.nodes ?? 1;
  const lib = join(await setUp({ kind: 'kafka', environment, say: options.say ?? (() => {}) }), 'lib');
  const java = javaFor('kafka', environment);
  const folder = await openEngineFolder('kafka', options.folder);
  try {
    const layout = await folder.layout(async () => kafkaLayout(await chooseAddresses(options.addresses, count, PORTS)));
    if (layout.nodes.length !== count) {
      throw new Error(`${folder.path} holds a Kafka of ${layout.nodes.length} broker(s), asked for are ${count}: choose another folder`);
    }
    await refuseTaken(
      'Kafka',
      layout.nodes.map((node) => node.address),
      PORTS,
    );
    const on = { folder: folder.path, shortLived: folder.temporary, lib, java, env: serverEnvironment(environment), layout };
    await Promise.all(layout.nodes.map((node) => prepare(node, on)));
    return await startTogether({
      folder,
      nodes: layout.nodes.map((node) => broker(node, on, options.onLost)),
      addresses: { bootstrap: layout.nodes.map((node) => `${node.address}:${KAFKA_PORTS.broker}`) },
      together: () => allKnowAll(layout.nodes),
      togetherDeadlineMs: TOGETHER_DEADLINE_MS,
    });
  } catch (error) {
    folder.close();
    throw error;
  }
}

type On = {
  readonly folder: string;
  readonly shortLived: boolean;
  readonly lib: string;
  readonly java: string;
  readonly env: Record<string, string>;
  readonly layout: KafkaLayout;
};

function foldersOf(node: KafkaNode, on: On) {
  const nodeFolder = join(on.folder, node.name);
  return { lib: on.lib, shortLived: on.shortLived, nodeFolder, confFolder: join(nodeFolder, 'conf'), dataFolder: join(nodeFolder, 'data') };
}

async function prepare(node: KafkaNode, on: On): Promise<void> {
  const folders = foldersOf(node, on);
  mkdirSync(join(folders.nodeFolder, 'tmp'), { recursive: true });
  writeConfiguration(folders.confFolder, folders.dataFolder, node, on.layout);
  if (existsSync(join(folders.dataFolder, 'meta.properties'))) return;
  await runTool({
    command: on.java,
    args: formatArguments(folders, on.layout.clusterId),
    cwd: folders.nodeFolder,
    env: on.env,
    deadlineMs: FORMAT_DEADLINE_MS,
  });
}

function broker(node: KafkaNode, on: On, onLost: StartOptions['onLost']): EngineNode {
  const folders = foldersOf(node, on);
  return serverProcess({
    name: node.name,
    address: node.address,
    command: on.java,
    args: brokerArguments(folders),
    env: on.env,
    cwd: folders.nodeFolder,
    logFile: join(folders.nodeFolder, 'server.log'),
    recordFolder: join(on.folder, 'processes'),
    startDeadlineMs: START_DEADLINE_MS,
    stopDeadlineMs: STOP_DEADLINE_MS,
    answers: async () => (await brokersKnown(node)).has(node.id),
    ...(onLost === undefined ? {} : { onLost }),
  });
}

async function allKnowAll(nodes: readonly KafkaNode[]): Promise<boolean> {
  const known = await Promise.all(nodes.map(brokersKnown));
  return known.every((ids) => nodes.every((node) => ids.has(node.id)));
}
