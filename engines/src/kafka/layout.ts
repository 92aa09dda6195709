import { randomBytes } from 'node:crypto';

/** Equal on all brokers; every broker has an address of its own. */
export const KAFKA_PORTS = { broker: 9092, controller: 9093 } as const;

export type KafkaNode = { readonly name: string; readonly id: number; readonly address: string };
export type KafkaLayout = { readonly clusterId: string; readonly nodes: readonly KafkaNode[] };

export function kafkaLayout(addresses: readonly string[]): KafkaLayout {
  return {
    clusterId: clusterId(),
    nodes: addresses.map((address, at) => ({ name: `kafka-${at + 1}`, id: at + 1, address })),
  };
}

/** A UUID in base64url, as `kafka-storage random-uuid` makes them: never with a dash in front, which would read as an option. */
function clusterId(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0] ?? 0) & 0x7f;
  return bytes.toString('base64url');
}
