/**
 * The state port: items, registers and streams, kept apart because distributed engines keep them apart
 * (a conditional write and a last-writer-wins write on the same cell break each other).
 *
 * Promises of every engine: a write whose promise resolved is durable and survives a kill of any process. A rejected or
 * timed-out write may or may not have happened: send it again with the same token or command id. Namespaces match
 * `[a-z][a-z0-9_]{0,47}` and are made on first use. Record ids, register names and stream ids are strings of 1 to 512
 * UTF-8 bytes; item keys are 0 to 1 024 bytes, ordered as unsigned bytes. Rejects with `KvFault`.
 */
export type KvStore = { readonly items: Items; readonly registers: Registers; readonly streams: Streams; close(): Promise<void> };

export type KvCallOptions = { readonly deadlineMs?: number; readonly signal?: AbortSignal };

// ---- items: record id → sorted map of key → value, last writer wins --------------------------------------------------

/**
 * Orders writes to one item and makes a repeated write harmless. The greater time wins. Equal times come only from writers that do not know of
 * each other: then, of two puts without a time to live, the greater nonce (as text) wins; of other pairs the engine chooses, by the two writes alone and
 * not by which came first.
 */
export type WriteToken = {
  /** Microseconds since the epoch, from the writer's clock; more than a day ahead of the engine's is `KV_BAD_REQUEST`. */
  readonly timeUs: number;
  /** 32 lower-case hexadecimal digits. */
  readonly nonce: string;
};

export type Items = {
  /** All items of one call become visible together. At most 1 000 items with different keys, together 64 MiB; a value is at most 16 MiB. */
  put(
    request: { namespace: string; record: string; items: readonly ItemWrite[]; token: WriteToken },
    options?: KvCallOptions,
  ): Promise<void>;
  get(request: { namespace: string; record: string; select?: Selection; page?: PageRequest }, options?: KvCallOptions): Promise<ItemPage>;
  /** An item written later than `token` stays; one with the same token goes. A later retry of an older put does not bring a deleted item back (for at least 24 hours). */
  delete(request: { namespace: string; record: string; select: Selection; token: WriteToken }, options?: KvCallOptions): Promise<void>;
  /** Every record of the namespace in an order of the engine's choosing, whole pages of items at a time. Not a snapshot. */
  scan(request: { namespace: string; page?: PageRequest }, options?: KvCallOptions): Promise<ScanPage>;
};

export type ItemWrite = {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  /** Counted from the token's time, so that a repetition is the same write; the item is gone after it. */ readonly ttlMs?: number;
};
export type Item = {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly token: WriteToken;
  readonly expiresAtMs: number | null;
};
export type Selection =
  | { readonly kind: 'all'; readonly order?: Order }
  | { readonly kind: 'keys'; readonly keys: readonly Uint8Array[] }
  /** `from` inclusive, `to` exclusive; absent means unbounded. */
  | { readonly kind: 'range'; readonly from?: Uint8Array; readonly to?: Uint8Array; readonly order?: Order };
export type Order = 'ascending' | 'descending';
/** A page ends after `bytesMax` (keys and values, default 1 MiB, at least one item) or `itemsMax` (default 1 000). */
export type PageRequest = { readonly bytesMax?: number; readonly itemsMax?: number; readonly cursor?: string };
/** `cursor` is null on the last page; else pass it in the next request. */
export type ItemPage = { readonly items: readonly Item[]; readonly cursor: string | null };
export type ScanPage = { readonly items: readonly (Item & { readonly record: string })[]; readonly cursor: string | null };

// ---- registers: one small value with a version, decided by compare-and-set -------------------------------------------

export type Registers = {
  /** Linearizable. `remove` and `compareAndSet` repeat like `create`. */
  read(request: { namespace: string; name: string }, options?: KvCallOptions): Promise<Register | null>;
  /**
   * Exactly one of any number of concurrent creators succeeds. Sent again with the same command id (within 24 hours; as the creator at any time), a
   * command that succeeded answers as it did the first time and does nothing; one that was refused is decided anew. Expect only versions that somebody has seen: a
   * command for a later one that was refused after an unanswered try may still happen once that version is there.
   */
  create(
    request: { namespace: string; name: string; value: Uint8Array; commandId: string },
    options?: KvCallOptions,
  ): Promise<RegisterCreated>;
  compareAndSet(
    request: { namespace: string; name: string; expectedVersion: number; value: Uint8Array; commandId: string },
    options?: KvCallOptions,
  ): Promise<RegisterSet>;
  remove(
    request: { namespace: string; name: string; expectedVersion: number; commandId: string },
    options?: KvCallOptions,
  ): Promise<RegisterSet>;
  /**
   * Held by one holder at a time; asking again as the holder renews it. The fence grows with every new holder: hand it to what the lease protects.
   * `expiresAtMs` is counted from before the engine was asked. A distributed engine compares no clocks: a lease whose holder is gone is given away once somebody has
   * asked for it over its whole time.
   */
  acquireLease(request: LeaseRequest, options?: KvCallOptions): Promise<LeaseAcquired>;
  /** `lost` when it expired and somebody else took it, or when it was released. */
  renewLease(
    request: LeaseRequest & { fence: number },
    options?: KvCallOptions,
  ): Promise<{ kind: 'renewed'; expiresAtMs: number } | { kind: 'lost' }>;
  releaseLease(request: { namespace: string; name: string; holder: string; fence: number }, options?: KvCallOptions): Promise<void>;
};

/** Versions start at 1 and grow by 1, over a removal too (for at least 24 hours): an old version never fits a new register. A value is at most 64 KiB. */
export type Register = { readonly value: Uint8Array; readonly version: number };
export type RegisterCreated =
  | { readonly kind: 'created'; readonly version: number }
  | { readonly kind: 'exists'; readonly current: Register };
export type RegisterSet =
  | { readonly kind: 'set'; readonly version: number }
  | { readonly kind: 'conflict'; readonly current: Register | null };
export type LeaseRequest = { namespace: string; name: string; holder: string; ttlMs: number };
export type LeaseAcquired =
  | { readonly kind: 'held'; readonly fence: number; readonly expiresAtMs: number }
  | { readonly kind: 'taken'; readonly holder: string; readonly expiresAtMs: number };

// ---- streams: the events of one aggregate, appended under an expected version -----------------------------------------

export type Streams = {
  /** All events or none. `expectedVersion` is the number of events the caller has seen (0 for a new stream). At most 100 events of at most 256 KiB, together 4 MiB: an append is one decision, and all of it passes through each who decides. */
  append(
    request: { namespace: string; stream: string; expectedVersion: number; events: readonly EventData[]; commandId: string },
    options?: KvCallOptions,
  ): Promise<Appended>;
  /** Events with sequence > `after` (0 for all), in order, at most `eventsMax` (default 1 000). `version` is the stream's head. */
  read(
    request: { namespace: string; stream: string; after?: number; eventsMax?: number },
    options?: KvCallOptions,
  ): Promise<{ events: readonly StreamEvent[]; version: number }>;
  /**
   * Every event of the namespace from `after` (null: the beginning) on, at least once, in order per stream; an event's position is stored by the
   * subscriber with what it did. The handler's rejection stops the subscription with a fault.
   */
  subscribe(
    request: { namespace: string; after: Position | null },
    handler: (events: readonly StreamEvent[]) => Promise<void>,
  ): Subscription;
};

export type EventData = { readonly type: string; readonly data: Uint8Array };
export type StreamEvent = {
  readonly stream: string;
  /** 1, 2, 3 … without a gap inside the stream. */
  readonly sequence: number;
  readonly type: string;
  readonly data: Uint8Array;
  readonly commandId: string;
  readonly recordedAtMs: number;
  readonly position: Position;
};
/** Where a subscriber stands; opaque, meaningful only to the engine that gave it. */
export type Position = string;
/** `repeated`: the command id was already appended to this stream; nothing was added, and `version` is what it was after that command. */
export type Appended =
  | { readonly kind: 'appended'; readonly version: number; readonly repeated: boolean }
  | { readonly kind: 'conflict'; readonly version: number };
export type Subscription = {
  close(): Promise<void>;
  /** Rejects when the handler or the engine failed; resolves on close. */ readonly ended: Promise<void>;
};

// ---- faults -----------------------------------------------------------------------------------------------------------

export const KV_FAULTS = {
  KV_BAD_REQUEST: { side: 'us', retry: false },
  KV_TOO_LARGE: { side: 'us', retry: false },
  /** The outcome of a write is unknown. */
  KV_DEADLINE: { side: 'dependency', retry: true },
  KV_UNAVAILABLE: { side: 'dependency', retry: true },
  /** The disk is full or read-only; nothing was written. */
  KV_NO_SPACE: { side: 'dependency', retry: true },
  KV_CLOSED: { side: 'us', retry: false },
} as const;
export type KvFaultCode = keyof typeof KV_FAULTS;

export class KvFault extends Error {
  readonly code: KvFaultCode;
  constructor(code: KvFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'KvFault';
    this.code = code;
  }
}
