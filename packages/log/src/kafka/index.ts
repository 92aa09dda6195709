import { KvFault } from '@bioscope/kv';
import { checkAttempts, checkGroup, checkRecords, checkTopic } from '../checks.ts';
import { type Log, type LogRecord, type LogRecordData, type LogSubscription, PARTITIONS_DEFAULT } from '../port.ts';
import { createCluster } from './cluster.ts';
import { type Address, type Connections, createConnections, type Security } from './connections.ts';
import { type Consumer, createConsumer } from './consumer.ts';
import { lagOf } from './lag.ts';
import type { Message } from './lane.ts';
import { createOriginsKeeper } from './origins-keeper.ts';
import { partitionOf } from './partition-of.ts';
import { createPublisher } from './publisher.ts';
import { toMessage } from './record-format.ts';
import { createTopics } from './topics.ts';
import { toFault, UnreachableError } from './trouble.ts';
import type { KafkaLogWatch } from './watch.ts';
import { within } from './within.ts';

export { KAFKA_LOG_COUNTS, type KafkaLogCount, type KafkaLogWatch } from './watch.ts';

export type KafkaLogOptions = KafkaLogWatch & {
  /** `host:port` of some brokers to ask first; two or three, so that one may be down. The others are learnt from them. */
  readonly brokers: readonly string[];
  /** What brokers call us in their logs and quotas. Default: bioscope. */
  readonly clientId?: string;
  /** Before every name of a topic and group in the cluster, so that several installations may share it. Default: none. */
  readonly topicPrefix?: string;
  /** Of topics made from now on; may never change afterwards, because keys would move. Default: 8. */
  readonly partitions?: number;
  /** Copies of each partition, of topics made from now on. Default: three, or as many as there are brokers; with three, a write needs two. */
  readonly replicationFactor?: number;
  /** Records older than this are deleted, handled or not; of topics made from now on. Default: 7 days. */
  readonly keepMs?: number;
  /** The oldest records of a partition larger than this are deleted, handled or not; of topics made from now on. Default: 256 MiB. */
  readonly keepBytesPerPartition?: number;
  /** Every publication settles within this. Default: 10 s. */
  readonly publishMsMax?: number;
  /** As Node's `tls.connect` takes them; absent: no encryption. */
  readonly tls?: Security['tls'];
  /** Absent: no authentication. */
  readonly sasl?: Security['sasl'];
};

/**
 * The log on Apache Kafka, 3.6 or newer. Rejects with `KV_UNAVAILABLE` when none of the brokers answers. Topics are made on first use, each
 * with a companion in which groups note the origins that they have handled.
 */
export async function openKafkaLog(options: KafkaLogOptions): Promise<Log> {
  const { clientId = 'bioscope', topicPrefix = '', publishMsMax = PUBLISH_MS_MAX } = options;
  checkPrefix(topicPrefix);
  const security = securityOf(options);
  const connect = (): Connections => createConnections(clientId, security);
  // A broker that holds back the answer to one must not hold up the others.
  const asking = connect();
  const publishing = connect();
  const cluster = createCluster(options.brokers.map(addressOf), asking);
  const topics = createTopics(cluster, {
    partitions: options.partitions ?? PARTITIONS_DEFAULT,
    replicationFactor: options.replicationFactor ?? null,
    keepMs: options.keepMs ?? KEEP_MS_DEFAULT,
    keepBytesPerPartition: options.keepBytesPerPartition ?? KEEP_BYTES_DEFAULT,
  });
  const trouble =
    (topic: string | null, group: string | null) =>
    (doing: string, error: unknown): void =>
      options.onTrouble?.({ doing, topic, group, error });
  const count = options.onCount ?? ((): void => {});
  const publisher = createPublisher({ cluster, connections: publishing, trouble: trouble(null, null) });
  const consumers = new Set<Consumer>();
  let closing: Promise<void> | null = null;

  await cluster.topic(`${topicPrefix}${NO_TOPIC}`).catch((error: unknown) => {
    asking.close();
    throw toFault('open the log', error);
  });

  async function publish(topic: string, records: readonly LogRecordData[]): Promise<void> {
    const deadlineMs = performance.now() + publishMsMax;
    const name = topicPrefix + topic;
    try {
      const view = await within(
        publishMsMax,
        topics.ready(name),
        () => new UnreachableError('the topic could not be found or made in time'),
      );
      await publisher.write(name, byPartition(records, view.leaders.length), deadlineMs);
      count('published', records.length);
    } catch (error) {
      count('publishFailed', records.length);
      throw toFault(`publish to ${topic}`, error);
    }
  }

  function subscribe(request: Parameters<Log['subscribe']>[0], handler: (records: readonly LogRecord[]) => Promise<void>): LogSubscription {
    const { topic: topicName, group: groupName, from = 'earliest', attemptsMax = 5 } = request;
    const topic = topicPrefix + topicName;
    const group = `${topic}/${groupName}`;
    const fetching = connect();
    const originsTopic = `${topicPrefix}${ORIGINS}.${topicName}`;
    const keeper = createOriginsKeeper({ cluster, connections: fetching, topics, publisher, topic, originsTopic, group: groupName });
    const consumer = createConsumer({
      cluster,
      topics,
      joining: connect(),
      fetching,
      keeper,
      topic,
      topicName,
      group,
      fromLatest: from === 'latest',
      attemptsMax,
      handler,
      park: (parkedName, record) => publish(parkedName, [record]),
      trouble: trouble(topicName, groupName),
      count,
    });
    consumers.add(consumer);
    return {
      lag: () => lagOf({ cluster, connections: asking }, topics, { topic, group }),
      async close() {
        await consumer.close();
        consumers.delete(consumer);
      },
    };
  }

  async function close(): Promise<void> {
    await settleWithin(CLOSE_MS_MAX, Promise.all([...consumers].map((consumer) => consumer.close())));
    await publisher.close(CLOSE_MS_MAX);
    publishing.close();
    asking.close();
  }

  return {
    async publish(topic, records) {
      checkTopic(topic);
      checkRecords(records);
      if (closing !== null) throw new KvFault('KV_CLOSED', 'the log is closed');
      if (records.length > 0) await publish(topic, records);
    },
    subscribe(request, handler) {
      checkTopic(request.topic);
      checkGroup(request.group);
      checkAttempts(request.attemptsMax ?? 0);
      if (closing !== null) throw new KvFault('KV_CLOSED', 'the log is closed');
      return subscribe(request, handler);
    },
    close: () => (closing ??= close()),
  };
}

function byPartition(records: readonly LogRecordData[], partitions: number): ReadonlyMap<number, Message[]> {
  const messages = new Map<number, Message[]>();
  for (const record of records) {
    const message = toMessage(record);
    const partition = partitionOf(message.key ?? new Uint8Array(), partitions);
    const of = messages.get(partition);
    if (of === undefined) messages.set(partition, [message]);
    else of.push(message);
  }
  return messages;
}

function addressOf(broker: string): Address {
  const at = broker.lastIndexOf(':');
  const port = Number(broker.slice(at + 1));
  const host = broker.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  if (at > 0 && host !== '' && Number.isInteger(port) && port > 0 && port < 65_536) return { host, port };
  throw new KvFault('KV_BAD_REQUEST', `a Kafka broker is written host:port, not ${JSON.stringify(broker)}`);
}

function checkPrefix(prefix: string): void {
  if (!/^[a-zA-Z0-9.-]{0,100}$/.test(prefix))
    throw new KvFault('KV_BAD_REQUEST', `topicPrefix ${JSON.stringify(prefix)} must match [a-zA-Z0-9.-]{0,100}`);
}

function securityOf({ tls, sasl }: KafkaLogOptions): Security {
  return { ...(tls === undefined ? {} : { tls }), ...(sasl === undefined ? {} : { sasl }) };
}

/** A handler that never ends must not keep the log from closing; what it was working on comes again. */
async function settleWithin(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

/** No topic of the port begins with it, nor looks like it to Kafka, which takes '.' and '_' for the same in names of metrics. */
const ORIGINS = '_origins';
/** Asked for when opening, to see whether anybody answers. */
const NO_TOPIC = 'no-such-topic';
const PUBLISH_MS_MAX = 10_000;
const KEEP_MS_DEFAULT = 7 * 24 * 60 * 60 * 1000;
const KEEP_BYTES_DEFAULT = 256 * 1024 * 1024;
const CLOSE_MS_MAX = 5_000;
