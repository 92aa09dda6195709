import type { KafkaRecord, MessageRecord, RecordsBatch } from '@platformatic/kafka';
import type { LogRecord, LogRecordData } from '../port.ts';

/**
 * How a record lies in Kafka: key and value as they are; `type`, `origin-stream` and `origin-sequence` are headers in UTF-8, the sequence
 * in decimal digits. Where in its partition it lands and when it was recorded is the broker's doing.
 */
export function toMessage({ key, type, value, origin }: LogRecordData): Omit<MessageRecord, 'topic'> {
  const headers = new Map([[TYPE, Buffer.from(type)]]);
  if (origin !== undefined) {
    headers.set(ORIGIN_STREAM, Buffer.from(origin.stream));
    headers.set(ORIGIN_SEQUENCE, Buffer.from(String(origin.sequence)));
  }
  return { key: Buffer.from(key), value: Buffer.from(value.buffer, value.byteOffset, value.byteLength), headers };
}

/** Records of a topic that others write to may lack what ours have: then the type is empty, and there is no origin. */
export function toRecord(at: { topic: string; partition: number }, batch: RecordsBatch, record: KafkaRecord): LogRecord {
  const headers = new Map(record.headers.map(([name, value]) => [name?.toString() ?? '', value?.toString() ?? '']));
  const stream = headers.get('origin-stream');
  const sequence = Number(headers.get('origin-sequence') ?? Number.NaN);
  const fields = {
    ...at,
    offset: offsetIn(batch, record),
    key: record.key?.toString() ?? '',
    type: headers.get('type') ?? '',
    // A copy: the record must not keep the whole answer it came with in memory.
    value: new Uint8Array(record.value ?? EMPTY),
    recordedAtMs: recordedAtMs(batch, record),
  };
  return stream !== undefined && Number.isSafeInteger(sequence) ? { ...fields, origin: { stream, sequence } } : fields;
}

export function offsetIn(batch: RecordsBatch, { offsetDelta }: KafkaRecord): number {
  return Number(batch.firstOffset) + offsetDelta;
}

/** Control batches mark the ends of transactions; their records are no records. */
export function isControl({ attributes }: RecordsBatch): boolean {
  return (attributes & CONTROL) !== 0;
}

function recordedAtMs(batch: RecordsBatch, { timestampDelta }: KafkaRecord): number {
  // With the broker's own time (`LogAppendTime`), the batch as a whole carries it.
  return Number((batch.attributes & APPEND_TIME) !== 0 ? batch.maxTimestamp : batch.firstTimestamp + timestampDelta);
}

const TYPE = Buffer.from('type');
const ORIGIN_STREAM = Buffer.from('origin-stream');
const ORIGIN_SEQUENCE = Buffer.from('origin-sequence');
const EMPTY = new Uint8Array();
const APPEND_TIME = 1 << 3;
const CONTROL = 1 << 5;
