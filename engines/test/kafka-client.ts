import { Admin, Consumer, ProduceAcks, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import type { KafkaAddresses } from '../src/index.ts';

/** A dead leader is replaced after its session of six seconds. */
const DEADLINES = { timeout: 5_000, connectTimeout: 2_000, retries: 60, retryDelay: 500 } as const;

export async function makeTopic(addresses: KafkaAddresses, topic: string): Promise<void> {
  const admin = new Admin({ clientId: 'test-admin', bootstrapBrokers: [...addresses.bootstrap], ...DEADLINES });
  try {
    await admin.createTopics({ topics: [topic], partitions: 1, replicas: -1 });
  } finally {
    await admin.close();
  }
}

/** The broker that leads the topic's only partition. */
export async function leaderOf(addresses: KafkaAddresses, topic: string): Promise<number | undefined> {
  const admin = new Admin({ clientId: 'test-admin', bootstrapBrokers: [...addresses.bootstrap], ...DEADLINES });
  try {
    return (await admin.metadata({ topics: [topic] })).topics.get(topic)?.partitions[0]?.leader;
  } finally {
    await admin.close();
  }
}

/** Resolves when enough brokers have it. */
export async function produce(addresses: KafkaAddresses, topic: string, values: readonly string[]): Promise<void> {
  const producer = new Producer({
    clientId: 'test-producer',
    bootstrapBrokers: [...addresses.bootstrap],
    serializers: stringSerializers,
    ...DEADLINES,
  });
  try {
    // Here and not above: the client (2.12.1) passes over `acks` among a producer's options and then waits for the leader only.
    await producer.send({ acks: ProduceAcks.ALL, messages: values.map((value) => ({ topic, key: 'k', value })) });
  } finally {
    await producer.close();
  }
}

/** The first values of a topic, read by a new group. Rejects when they do not come within the deadline. */
export async function consume(addresses: KafkaAddresses, topic: string, count: number, deadlineMs: number): Promise<string[]> {
  const consumer = new Consumer({
    clientId: 'test-consumer',
    groupId: `group-${Math.random().toString(36).slice(2)}`,
    bootstrapBrokers: [...addresses.bootstrap],
    deserializers: stringDeserializers,
    ...DEADLINES,
  });
  const late = setTimeout(() => void consumer.close(true), deadlineMs);
  try {
    const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false });
    const values: string[] = [];
    for await (const message of stream) {
      values.push(message.value);
      if (values.length === count) return values;
    }
    throw new Error(`${values.length} of ${count} values came within ${deadlineMs} ms`);
  } finally {
    clearTimeout(late);
    await consumer.close(true);
  }
}
