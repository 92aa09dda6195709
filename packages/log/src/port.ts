/**
 * The event log: topics of records, at least once, in order per key. Topics match `[a-z][a-z0-9.-]{0,63}` and are made on first use
 * with `PARTITIONS_DEFAULT` partitions.
 */
export type Log = {
  /** Durable when it resolves. A publication that failed may have happened in part: publish again. */
  publish(topic: string, records: readonly LogRecordData[]): Promise<void>;
  /**
   * Joins a consumer group. Each record goes to one member; after the handler resolved, the batch is committed; after a crash it comes again.
   * A record that the handler rejects is tried again `attemptsMax` times (default 5, with growing pauses), then parked on `<topic>.parked` and passed over.
   */
  subscribe(
    request: { topic: string; group: string; from?: 'earliest' | 'latest'; attemptsMax?: number },
    handler: (records: readonly LogRecord[]) => Promise<void>,
  ): LogSubscription;
  close(): Promise<void>;
};

export const PARTITIONS_DEFAULT = 8;

export type LogRecordData = {
  /** Records of one key stay in order. */
  readonly key: string;
  readonly type: string;
  /** At most 1 MiB. */
  readonly value: Uint8Array;
  /**
   * Where an event came from: what a group has handled of the same (stream, sequence) does not come again, however often it is published. Whoever
   * publishes an event again gives it the same key.
   */
  readonly origin?: { readonly stream: string; readonly sequence: number };
};
export type LogRecord = LogRecordData & {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly recordedAtMs: number;
};
export type LogSubscription = {
  close(): Promise<void>;
  /** Records not yet handled by the group. */
  lag(): Promise<number>;
};
