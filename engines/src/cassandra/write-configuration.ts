import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASSANDRA_PORTS } from './layout.ts';
import type { CassandraNode } from './layout.ts';

/** Writes what one node reads at its start: cassandra.yaml, its place (data centre, rack) and where it logs. */
export function writeConfiguration(folder: string, node: CassandraNode, seeds: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'cassandra.yaml'), cassandraYaml(node, seeds));
  writeFileSync(join(folder, 'cassandra-rackdc.properties'), `dc=${node.dataCentre}\nrack=${node.rack}\n`);
  writeFileSync(join(folder, 'logback.xml'), LOGBACK);
}

/**
 * Timeouts stay at Cassandra's defaults. `group`: an acknowledged write is on disk, and the writes of two milliseconds share one flush.
 * Every node is a seed: a cluster that is started together has no older member to ask.
 */
function cassandraYaml(node: CassandraNode, seeds: readonly string[]): string {
  return `cluster_name: bioscope
num_tokens: 1
initial_token: ${node.token}
auto_bootstrap: false
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
seed_provider:
  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
    parameters:
      - seeds: "${seeds.join(',')}"
listen_address: ${node.address}
rpc_address: ${node.address}
storage_port: ${CASSANDRA_PORTS.storage}
native_transport_port: ${CASSANDRA_PORTS.native}
endpoint_snitch: GossipingPropertyFileSnitch
commitlog_sync: group
commitlog_sync_group_window: 2ms
commitlog_segment_size: 32MiB
commitlog_total_space: 256MiB
paxos_variant: v2
memtable_heap_space: 64MiB
memtable_offheap_space: 64MiB
file_cache_size: 64MiB
key_cache_size: 8MiB
counter_cache_size: 0MiB
concurrent_reads: 16
concurrent_writes: 16
concurrent_counter_writes: 2
concurrent_compactors: 1
native_transport_max_threads: 32
auto_snapshot: false
`;
}

const LOGBACK = `<configuration>
  <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
    <file>\${cassandra.logdir}/system.log</file>
    <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
      <fileNamePattern>\${cassandra.logdir}/system.%i.log</fileNamePattern>
      <maxIndex>1</maxIndex>
    </rollingPolicy>
    <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
      <maxFileSize>20MB</maxFileSize>
    </triggeringPolicy>
    <encoder><pattern>%-5level %date{ISO8601} %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="FILE" /></root>
</configuration>
`;
