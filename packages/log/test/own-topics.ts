import { randomUUID } from 'node:crypto';
import type { Log } from '../src/port.ts';
import { type KafkaLogOptions, openKafkaLog } from '../src/kafka/index.ts';

/** Opens logs on topics that no other test sees, also on a cluster shared with others; each call opens another log on the same topics. */
export function openOwnTopics(brokers: readonly string[], options: Partial<KafkaLogOptions> = {}): () => Promise<Log> {
  const topicPrefix = `test-${randomUUID()}.`;
  return () => openKafkaLog({ brokers, topicPrefix, ...options });
}
