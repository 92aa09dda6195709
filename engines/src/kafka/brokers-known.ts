import { Admin } from '@platformatic/kafka';
import { KAFKA_PORTS } from './layout.ts';
import type { KafkaNode } from './layout.ts';

const DEADLINE_MS = 2_000;

/** The ids of the brokers that a broker knows to be in service; empty while it does not answer. Never rejects. */
export async function brokersKnown(node: KafkaNode): Promise<ReadonlySet<number>> {
  const admin = new Admin({
    clientId: 'bioscope-engines',
    bootstrapBrokers: [{ host: node.address, port: KAFKA_PORTS.broker }],
    timeout: DEADLINE_MS,
    connectTimeout: DEADLINE_MS,
    retries: 0,
  });
  try {
    const { brokers } = await admin.metadata({ topics: [] });
    return new Set(brokers.keys());
  } catch {
    return new Set();
  } finally {
    await admin.close();
  }
}
