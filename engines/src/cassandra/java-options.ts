import { globSync } from 'node:fs';
import { join } from 'node:path';
import { smallJvm } from '../running/java-command.ts';

/**
 * From conf/jvm17-server.options of Apache Cassandra 5.0: parts of the JDK that it reaches into.
 * https://github.com/apache/cassandra/blob/cassandra-5.0/conf/jvm17-server.options
 */
const EXPORTS = [
  'java.base/jdk.internal.misc',
  'java.base/java.lang.ref',
  'java.base/sun.nio.ch',
  'java.management.rmi/com.sun.jmx.remote.internal.rmi',
  'java.rmi/sun.rmi.registry',
  'java.rmi/sun.rmi.server',
  'java.sql/java.sql',
  'jdk.unsupported/sun.misc',
  'jdk.compiler/com.sun.tools.javac.file',
  'jdk.attach/sun.tools.attach',
];
const OPENS = [
  'java.base/java.lang',
  'java.base/java.lang.module',
  'java.base/java.lang.reflect',
  'java.base/java.io',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/java.nio',
  'java.base/sun.nio.ch',
  'java.base/jdk.internal.loader',
  'java.base/jdk.internal.ref',
  'java.base/jdk.internal.reflect',
  'java.base/jdk.internal.math',
  'java.base/jdk.internal.module',
  'java.base/jdk.internal.util.jar',
  'jdk.compiler/com.sun.tools.javac',
  'jdk.management/com.sun.management.internal',
];

const HEAP_MIB = 512;
/** Network buffers and memory-mapped chunks outside the heap. */
const DIRECT_MIB = 192;

/** The arguments of `java` for one node. No JMX listener: Cassandra opens one only when asked to by a property. */
export function cassandraArguments(on: { lib: string; nodeFolder: string; confFolder: string; shortLived: boolean }): string[] {
  const [jamm] = globSync('jamm-*.jar', { cwd: on.lib });
  if (jamm === undefined) throw new Error(`there is no jamm jar in ${on.lib}: remove its folder to set Cassandra up again`);
  return [
    ...smallJvm({ heapMiB: HEAP_MIB, folder: on.nodeFolder, shortLived: on.shortLived }),
    `-XX:MaxDirectMemorySize=${DIRECT_MIB}m`,
    '-Djdk.attach.allowAttachSelf=true',
    ...EXPORTS.map((each) => `--add-exports=${each}=ALL-UNNAMED`),
    ...OPENS.map((each) => `--add-opens=${each}=ALL-UNNAMED`),
    '-Dio.netty.tryReflectionSetAccessible=true',
    `-Djna.tmpdir=${join(on.nodeFolder, 'tmp')}`,
    `-javaagent:${join(on.lib, jamm)}`,
    `-Dcassandra.config=file://${join(on.confFolder, 'cassandra.yaml')}`,
    `-Dcassandra-rackdc.properties=file://${join(on.confFolder, 'cassandra-rackdc.properties')}`,
    `-Dcassandra.storagedir=${join(on.nodeFolder, 'data')}`,
    `-Dcassandra.logdir=${on.nodeFolder}`,
    `-Dlogback.configurationFile=${join(on.confFolder, 'logback.xml')}`,
    '-Dcassandra-foreground=yes',
    // Waits that let a large ring settle: here all nodes are started together, with fixed tokens.
    '-Dcassandra.ring_delay_ms=0',
    // Else it follows from the ring delay: a node that starts slowly is dropped from gossip after 0 ms, and misses changes of the schema for minutes.
    '-Dcassandra.gossip_quarantine_delay_ms=60000',
    '-Dcassandra.skip_wait_for_gossip_to_settle=0',
    '-Dcassandra.superuser_setup_delay_ms=0',
    '-cp',
    `${on.lib}/*`,
    'org.apache.cassandra.service.CassandraDaemon',
  ];
}
