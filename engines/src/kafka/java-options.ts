import { join } from 'node:path';
import { smallJvm } from '../running/java-command.ts';

const HEAP_MIB = 256;
const FORMAT_HEAP_MIB = 128;

type On = { readonly lib: string; readonly nodeFolder: string; readonly confFolder: string; readonly shortLived: boolean };

/** The arguments of `java` for one broker. */
export function brokerArguments(on: On): string[] {
  return [...jvm(on, HEAP_MIB), 'kafka.Kafka', join(on.confFolder, 'server.properties')];
}

/** The arguments of `java` that give a broker's data folder its cluster and node id: once, before its first start. */
export function formatArguments(on: On, clusterId: string): string[] {
  return [
    ...jvm({ ...on, shortLived: true }, FORMAT_HEAP_MIB),
    'kafka.tools.StorageTool',
    'format',
    '--ignore-formatted',
    '--cluster-id',
    clusterId,
    '--config',
    join(on.confFolder, 'server.properties'),
  ];
}

function jvm(on: On, heapMiB: number): string[] {
  return [
    ...smallJvm({ heapMiB, folder: on.nodeFolder, shortLived: on.shortLived }),
    '-Djava.awt.headless=true',
    `-Dkafka.logs.dir=${on.nodeFolder}`,
    `-Dlog4j2.configurationFile=${join(on.confFolder, 'log4j2.xml')}`,
    '-cp',
    `${on.lib}/*`,
  ];
}
