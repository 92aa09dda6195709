import type { KvFault } from '@bioscope/kv';
import type { MessageRecord } from '@platformatic/kafka';

export type Message = Omit<MessageRecord, 'topic'>;

/** What one publication adds to one partition. */
export type Parcel = {
  readonly messages: readonly Message[];
  /** How many of them the broker has. */
  written: number;
  /** How many of them are in a batch. */
  taken: number;
  settled: boolean;
  readonly settle: (fault: KvFault | null) => void;
};

/** The name under which a producer's batches are recognized when they come twice; given by the cluster. */
export type Identity = { readonly producerId: bigint; readonly epoch: number };

/** What is sent as one: the same messages under the same number until the broker has said yes or no. */
export type Batch = {
  readonly identity: Identity;
  readonly sequence: number;
  readonly messages: readonly Message[];
  readonly parts: readonly { readonly parcel: Parcel; readonly count: number }[];
  /** Some attempt ended without an answer: it may be written. */
  unsure: boolean;
};

/**
 * The queue of one partition. One batch is under way at a time, and what was sent is sent again, unchanged, until there is an answer, even when
 * its publisher has long been told that the deadline passed: only so can nothing overtake it, and no late copy turn up behind its successors.
 */
export type Lane = {
  readonly topic: string;
  readonly partition: number;
  readonly queue: Parcel[];
  batch: Batch | null;
  inFlight: boolean;
  failures: number;
  notBeforeMs: number;
  /** Why the last attempt failed; what a publisher hears at its deadline. */
  trouble: unknown;
  identity: Identity | null;
  nextSequence: number;
};

export function createLane(topic: string, partition: number): Lane {
  return {
    topic,
    partition,
    queue: [],
    batch: null,
    inFlight: false,
    failures: 0,
    notBeforeMs: 0,
    trouble: null,
    identity: null,
    nextSequence: 0,
  };
}

export function hasWork({ batch, queue }: Lane): boolean {
  return batch !== null || queue.length > 0;
}

/** The batch to send now: the one under way, or a new one of what waits. */
export function takeBatch(lane: Lane, identity: Identity): Batch | null {
  if (lane.batch !== null) return lane.batch;
  if (lane.identity !== identity || lane.nextSequence > SEQUENCE_MAX) {
    lane.identity = identity;
    lane.nextSequence = 0;
  }
  const messages: Message[] = [];
  const parts: { parcel: Parcel; count: number }[] = [];
  let bytes = 0;
  for (const parcel of lane.queue) {
    const from = parcel.taken;
    while (parcel.taken < parcel.messages.length && !parcel.settled) {
      const message = parcel.messages[parcel.taken];
      if (message === undefined) break;
      const size = bytesOf(message);
      if (messages.length > 0 && bytes + size > BATCH_BYTES_MAX) break;
      messages.push(message);
      bytes += size;
      parcel.taken += 1;
    }
    if (parcel.taken > from) parts.push({ parcel, count: parcel.taken - from });
    if (parcel.taken < parcel.messages.length && !parcel.settled) break;
  }
  // What is wholly taken lives on in the batch.
  while (lane.queue[0] !== undefined && isOver(lane.queue[0])) lane.queue.shift();
  if (messages.length === 0) return null;
  lane.batch = { identity, sequence: lane.nextSequence, messages, parts, unsure: false };
  return lane.batch;
}

/** The broker has the batch. */
export function batchWritten(lane: Lane, batch: Batch): void {
  lane.batch = null;
  lane.failures = 0;
  lane.trouble = null;
  lane.nextSequence = batch.sequence + batch.messages.length;
  for (const { parcel, count } of batch.parts) {
    parcel.written += count;
    if (parcel.written === parcel.messages.length) settle(parcel, null);
  }
}

/**
 * The broker will never take the batch. The rest of its publications is dropped too: their records must not lie there without those before them.
 * The number is free again.
 */
export function batchRefused(lane: Lane, batch: Batch, fault: KvFault): void {
  lane.batch = null;
  for (const { parcel } of batch.parts) settle(parcel, fault);
}

/** The publisher has its answer; what was not sent yet will not be. */
export function settle(parcel: Parcel, fault: KvFault | null): void {
  if (parcel.settled) return;
  parcel.settled = true;
  parcel.settle(fault);
}

/** Whether some of it may be written although nobody said so. */
export function isUnsure(lane: Lane, parcel: Parcel): boolean {
  if (parcel.written > 0) return true;
  const { batch } = lane;
  return batch !== null && batch.parts.some((part) => part.parcel === parcel) && (batch.unsure || lane.inFlight);
}

export function bytesOf({ key, value, headers }: Message): number {
  let bytes = RECORD_BYTES + (key?.length ?? 0) + value.length;
  if (headers !== undefined) for (const [name, text] of headers) bytes += name.length + text.length + HEADER_BYTES;
  return bytes;
}

function isOver({ settled, taken, messages }: Parcel): boolean {
  return settled || taken === messages.length;
}

/** Half of what a topic takes as one, so that the frame around it cannot make it too large. */
const BATCH_BYTES_MAX = 1024 * 1024;
/** Length, attributes, time and offset of a record, at most. */
const RECORD_BYTES = 32;
const HEADER_BYTES = 10;
/** Numbers end at 2^31 in the protocol; a new identity begins at 0 again. */
const SEQUENCE_MAX = 2_000_000_000;
