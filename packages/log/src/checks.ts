import { KvFault } from '@bioscope/kv';
import type { LogRecordData } from './port.ts';

/** Bounds of the port, the same for every engine. */
export const LOG_LIMITS = {
  keyBytesMax: 1_024,
  valueBytesMax: 1024 * 1024,
  recordsPerPublishMax: 1_000,
  /** What one transaction and one message may hold in memory. */
  publishBytesMax: 32 * 1024 * 1024,
  attemptsMax: 100,
} as const;

/** A topic of records that a group gave up on ends in this; it may itself be subscribed to. */
export const PARKED_SUFFIX = '.parked';

const TOPIC = /^[a-z][a-z0-9.-]{0,63}$/;
const GROUP = /^[a-z][a-z0-9._-]{0,63}$/;

export function checkTopic(topic: string): void {
  const parked = topic.endsWith(PARKED_SUFFIX) ? topic.slice(0, -PARKED_SUFFIX.length) : topic;
  if (!TOPIC.test(topic) && !TOPIC.test(parked)) throw bad(`topic ${JSON.stringify(topic.slice(0, 80))} must match ${TOPIC.source}`);
}

export function checkGroup(group: string): void {
  if (!GROUP.test(group)) throw bad(`group ${JSON.stringify(group.slice(0, 80))} must match ${GROUP.source}`);
}

export function checkAttempts(attemptsMax: number): void {
  if (Number.isSafeInteger(attemptsMax) && attemptsMax >= 0 && attemptsMax <= LOG_LIMITS.attemptsMax) return;
  throw bad(`attemptsMax must be a whole number from 0 to ${LOG_LIMITS.attemptsMax}, not ${attemptsMax}`);
}

/** Returns about how many bytes the records hold. */
export function checkRecords(records: readonly LogRecordData[]): number {
  if (records.length > LOG_LIMITS.recordsPerPublishMax) {
    throw tooLarge(`a publication has at most ${LOG_LIMITS.recordsPerPublishMax} records, not ${records.length}; split it`);
  }
  let bytes = 0;
  for (const record of records) bytes += checkRecord(record);
  if (bytes > LOG_LIMITS.publishBytesMax)
    throw tooLarge(`a publication has at most ${LOG_LIMITS.publishBytesMax} bytes, not ${bytes}; split it`);
  return bytes;
}

function checkRecord({ key, type, value, origin }: LogRecordData): number {
  checkText('a record key', key);
  checkText('a record type', type);
  if (!(value instanceof Uint8Array)) throw bad('the value of a record must be a Uint8Array');
  if (value.length > LOG_LIMITS.valueBytesMax)
    throw tooLarge(`the value of a record has at most ${LOG_LIMITS.valueBytesMax} bytes, not ${value.length}`);
  if (origin !== undefined) {
    checkText('origin.stream', origin.stream);
    if (!Number.isSafeInteger(origin.sequence) || origin.sequence < 0) throw bad('origin.sequence must be a whole number, 0 or more');
  }
  return key.length + type.length + value.length;
}

function checkText(what: string, text: string): void {
  if (typeof text !== 'string' || !text.isWellFormed()) throw bad(`${what} must be well-formed text`);
  const bytes = Buffer.byteLength(text);
  if (bytes < 1 || bytes > LOG_LIMITS.keyBytesMax) throw bad(`${what} must have 1 to ${LOG_LIMITS.keyBytesMax} UTF-8 bytes, not ${bytes}`);
}

function bad(message: string): KvFault {
  return new KvFault('KV_BAD_REQUEST', message);
}

function tooLarge(message: string): KvFault {
  return new KvFault('KV_TOO_LARGE', message);
}
