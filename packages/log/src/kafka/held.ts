import type { LogRecord } from '../port.ts';
import { afterSuccess, type Progress, startProgress } from '../progress.ts';
import type { Origins } from './origins.ts';

/** A partition that a member holds: what it has fetched, how far it is, and which events the group is done with. */
export type Held = {
  readonly partition: number;
  readonly origins: Origins;
  progress: Progress;
  /** Fetched and not looked at yet. */
  buffer: LogRecord[];
  bufferBytes: number;
  fetchFrom: number;
  /** Everything before it is handled, waiting for the handler, or a repetition. */
  seenTo: number;
  /** Up to here the companion topic has the origins. */
  keptUpTo: number;
  handledSinceKept: { records: number; bytes: number };
};

export function createHeld(partition: number, position: number, origins: Origins, keptUpTo: number): Held {
  return {
    partition,
    origins,
    progress: startProgress(0, position),
    buffer: [],
    bufferBytes: 0,
    fetchFrom: position,
    seenTo: position,
    keptUpTo,
    handledSinceKept: { records: position - keptUpTo, bytes: 0 },
  };
}

export function addFetched(held: Held, records: readonly LogRecord[], next: number): void {
  held.buffer.push(...records);
  for (const { value } of records) held.bufferBytes += value.length + RECORD_BYTES;
  held.fetchFrom = next;
  // Nothing but marks of transactions: they are passed over like repetitions.
  if (held.buffer.length === 0) held.seenTo = next;
}

export function wantsMore({ buffer, bufferBytes }: Held): boolean {
  return buffer.length < BUFFERED_RECORDS_MAX && bufferBytes < BUFFERED_BYTES_MAX;
}

/** Lets the next records come up to the handler, repetitions left out. Returns how many were. */
export function bringUp(held: Held): number {
  if (held.progress.waiting.length > 0) return 0;
  const waiting: LogRecord[] = [];
  const waitingOrigins = new Set<string>();
  let looked = 0;
  let repeated = 0;
  for (const record of held.buffer) {
    if (waiting.length === RECORDS_PER_BATCH_MAX) break;
    looked += 1;
    held.bufferBytes -= record.value.length + RECORD_BYTES;
    held.seenTo = record.offset + 1;
    const { origin } = record;
    if (origin !== undefined) {
      const name = `${origin.sequence} ${origin.stream}`;
      if (waitingOrigins.has(name) || held.origins.has(origin.stream, origin.sequence)) {
        repeated += 1;
        continue;
      }
      waitingOrigins.add(name);
    }
    waiting.push(record);
  }
  held.buffer = held.buffer.slice(looked);
  held.progress = { ...held.progress, waiting };
  return repeated;
}

/** Done with the records, handled or given up. */
export function passOver(held: Held, records: readonly LogRecord[]): void {
  for (const { origin, offset, value } of records) {
    if (origin !== undefined) held.origins.add(origin.stream, origin.sequence, offset);
    held.handledSinceKept.records += 1;
    held.handledSinceKept.bytes += value.length;
  }
  held.progress = afterSuccess(held.progress, records);
  passRepetitions(held);
}

/** When nothing waits, everything looked at is done with, repetitions at the end included. True when that moved the position. */
export function passRepetitions(held: Held): boolean {
  if (held.progress.waiting.length > 0 || held.progress.nextOffset >= held.seenTo) return false;
  held.progress = { ...held.progress, nextOffset: held.seenTo };
  return true;
}

/** Whether so much was handled since origins were last kept that reading it again would take noticeable time. */
export function isKeepDue({ handledSinceKept: { records, bytes } }: Held): boolean {
  return records >= RECORDS_SINCE_KEPT_MAX || bytes >= BYTES_SINCE_KEPT_MAX;
}

/** What a handler gets at most, as in the embedded engine. */
const RECORDS_PER_BATCH_MAX = 100;
/** Fetched ahead per partition: some batches, so that the handler need not wait for the way to the broker. One fetch may exceed it, once. */
const BUFFERED_RECORDS_MAX = 500;
const BUFFERED_BYTES_MAX = 512 * 1024;
const RECORD_BYTES = 100;
const RECORDS_SINCE_KEPT_MAX = 1_000;
const BYTES_SINCE_KEPT_MAX = 4 * 1024 * 1024;
