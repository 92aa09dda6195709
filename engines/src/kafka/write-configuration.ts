import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KAFKA_PORTS } from './layout.ts';
import type { KafkaLayout, KafkaNode } from './layout.ts';

/** Writes what one broker reads at its start. */
export function writeConfiguration(folder: string, dataFolder: string, node: KafkaNode, layout: KafkaLayout): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'server.properties'), serverProperties(dataFolder, node, layout));
  writeFileSync(join(folder, 'log4j2.xml'), LOG4J);
}

/**
 * Every node is broker and controller (KRaft). With three, a record is acknowledged (`acks=all`) by two, so that one may die. Sizes are
 * small: the default cleaner buffer alone is 128 MiB.
 */
function serverProperties(dataFolder: string, node: KafkaNode, layout: KafkaLayout): string {
  const { broker, controller } = KAFKA_PORTS;
  const copies = layout.nodes.length === 3 ? { factor: 3, inSync: 2 } : { factor: 1, inSync: 1 };
  return `process.roles=broker,controller
node.id=${node.id}
listeners=PLAINTEXT://${node.address}:${broker},CONTROLLER://${node.address}:${controller}
advertised.listeners=PLAINTEXT://${node.address}:${broker}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
controller.quorum.voters=${layout.nodes.map((each) => `${each.id}@${each.address}:${controller}`).join(',')}
log.dirs=${dataFolder}
auto.create.topics.enable=false
default.replication.factor=${copies.factor}
min.insync.replicas=${copies.inSync}
unclean.leader.election.enable=false
offsets.topic.replication.factor=${copies.factor}
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=${copies.factor}
transaction.state.log.min.isr=${copies.inSync}
transaction.state.log.num.partitions=3
share.coordinator.state.topic.replication.factor=${copies.factor}
share.coordinator.state.topic.min.isr=${copies.inSync}
share.coordinator.state.topic.num.partitions=3
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000
log.segment.bytes=16777216
log.index.size.max.bytes=1048576
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=8388608
num.network.threads=2
num.io.threads=4
num.partitions=1
background.threads=2
`;
}

const LOG4J = `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="WARN" shutdownHook="disable">
  <Appenders>
    <RollingFile name="FILE" fileName="\${sys:kafka.logs.dir}/server.log" filePattern="\${sys:kafka.logs.dir}/server.%i.log">
      <PatternLayout pattern="%-5p %d{ISO8601} %c{1} %m%n" />
      <SizeBasedTriggeringPolicy size="20MB" />
      <DefaultRolloverStrategy max="1" />
    </RollingFile>
  </Appenders>
  <Loggers>
    <Root level="INFO"><AppenderRef ref="FILE" /></Root>
  </Loggers>
</Configuration>
`;
