/** What a Kafka log counts, for metrics. `regrouped`: a subscription heard anew which partitions it holds. */
export const KAFKA_LOG_COUNTS = ['published', 'publishFailed', 'delivered', 'repeated', 'parked', 'regrouped'] as const;
export type KafkaLogCount = (typeof KAFKA_LOG_COUNTS)[number];

/** What a log tells about itself. Neither may throw; both are called often while a cluster is down. */
export type KafkaLogWatch = {
  /** A failure that the log survives by trying again. */
  readonly onTrouble?: (trouble: {
    readonly doing: string;
    readonly topic: string | null;
    readonly group: string | null;
    readonly error: unknown;
  }) => void;
  readonly onCount?: (what: KafkaLogCount, by: number) => void;
};
