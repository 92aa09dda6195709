/**
 * The simultaneous streams of one account, as one value: who wants to change it reads it, decides here, and writes it back only if nobody else did in
 * between. So a limit holds however many try at once.
 */
export type StreamSlots = {
  /** Grows with every slot given; a slot is its session's only with this number. */
  readonly nextFence: number;
  readonly held: readonly StreamSlot[];
};

export type StreamSlot = {
  readonly sessionId: string;
  readonly fence: number;
  readonly profileId: string;
  readonly deviceId: string;
  readonly titleId: string;
  readonly sinceMs: number;
  /** By the clock of the process that gave or renewed it. */
  readonly expiresAtMs: number;
};

/** What a session says of itself. */
export type Streaming = Pick<StreamSlot, 'sessionId' | 'profileId' | 'deviceId' | 'titleId'>;

export const NO_STREAMS: StreamSlots = { nextFence: 1, held: [] };
/** Three heartbeats may be lost; a player that vanished holds its slot this long. */
export const STREAM_LEASE_MS = 120_000;
/** How far the clocks of two processes may be apart: a slot is given to another only when it has expired by every clock. */
export const STREAM_SKEW_MS = 5_000;

export type Taken =
  | { readonly kind: 'taken'; readonly slots: StreamSlots; readonly fence: number }
  | { readonly kind: 'full'; readonly held: readonly StreamSlot[] };

/**
 * A slot for a session; the one that it has, if it has one. Slots that have run out are free. When all are in use, a session that begins takes the place
 * of the same device's oldest (`isBeginning`): a page that was loaded again did not say goodbye.
 */
export function takeSlot(
  slots: StreamSlots,
  who: Streaming,
  { streamsMax, nowMs, isBeginning = false }: { streamsMax: number; nowMs: number; isBeginning?: boolean },
): Taken {
  const alive = slots.held.filter((slot) => isAlive(slot, nowMs));
  const own = alive.find((slot) => slot.sessionId === who.sessionId);
  if (own !== undefined) return { kind: 'taken', fence: own.fence, slots: renewed({ ...slots, held: alive }, own, nowMs) };
  const { sessionId, profileId, deviceId, titleId } = who;
  if (alive.length >= streamsMax) {
    // Of a device that is not known nothing can be replaced; nor where the plan has become smaller than what is in use.
    const ownDevice =
      isBeginning && deviceId !== '' && alive.length === streamsMax ? alive.find((slot) => slot.deviceId === deviceId) : undefined;
    if (ownDevice === undefined) return { kind: 'full', held: alive };
    alive.splice(alive.indexOf(ownDevice), 1);
  }
  const fence = slots.nextFence;
  const slot = { sessionId, fence, profileId, deviceId, titleId, sinceMs: nowMs, expiresAtMs: nowMs + STREAM_LEASE_MS };
  return { kind: 'taken', fence, slots: { nextFence: fence + 1, held: [...alive, slot] } };
}

/**
 * Null: the slot is another's by now, or was given back. One that has run out and that nobody wanted is still its session's: a laptop that slept goes
 * on unless its place was needed.
 */
export function renewSlot(
  slots: StreamSlots,
  { sessionId, fence }: Pick<StreamSlot, 'sessionId' | 'fence'>,
  nowMs: number,
): StreamSlots | null {
  const own = slots.held.find((slot) => slot.sessionId === sessionId && slot.fence === fence);
  return own === undefined ? null : renewed(slots, own, nowMs);
}

/** Giving back what one does not have changes nothing. */
export function freeSlot(slots: StreamSlots, sessionId: string): StreamSlots {
  const held = slots.held.filter((slot) => slot.sessionId !== sessionId);
  return held.length === slots.held.length ? slots : { ...slots, held };
}

export function isAlive(slot: StreamSlot, nowMs: number): boolean {
  return nowMs <= slot.expiresAtMs + STREAM_SKEW_MS;
}

function renewed(slots: StreamSlots, own: StreamSlot, nowMs: number): StreamSlots {
  // Never earlier than it was: a process whose clock is behind renews too.
  const expiresAtMs = Math.max(own.expiresAtMs, nowMs + STREAM_LEASE_MS);
  return { ...slots, held: slots.held.map((slot) => (slot === own ? { ...slot, expiresAtMs } : slot)) };
}
