/**
 * What a player has and shows, as values: film time that has arrived, the position of the picture, and time without a picture. Film time and
 * clock are milliseconds. From the first frame to the end, every millisecond of the clock is either played or stalled.
 *
 * A track that has arrived to its end holds nothing up: tracks of one film end within a frame or two of each other.
 */
export type PlayBuffer = {
  readonly phase: 'starting' | 'playing' | 'stalled' | 'ended';
  /** The clock up to which this is true. */
  readonly atMs: number;
  readonly positionMs: number;
  readonly tracks: readonly { readonly readyMs: number; readonly endMs: number }[];
  readonly playedMs: number;
  readonly stalledMs: number;
  /** Finished stalls that a person sees. */
  readonly stalls: number;
  /** Finished ones. */
  readonly stallLongestMs: number;
  readonly stalledSinceMs: number;
};

/** As our player's settings have it (apps/web/src/player/settings.ts): play as soon as there is anything to play. */
const ENOUGH_TO_PLAY_MS = 500;
/** As our player's meter of stalls: below this a viewer sees no more than a dropped frame. */
const NOTICEABLE_MS = 250;

export function openBuffer(given: { readonly nowMs: number; readonly positionMs: number; readonly endsMs: readonly number[] }): PlayBuffer {
  return {
    phase: 'starting',
    atMs: given.nowMs,
    positionMs: given.positionMs,
    tracks: given.endsMs.map((endMs) => ({ readyMs: Math.min(given.positionMs, endMs), endMs })),
    playedMs: 0,
    stalledMs: 0,
    stalls: 0,
    stallLongestMs: 0,
    stalledSinceMs: 0,
  };
}

/** The same film later. A clock that stands or runs backwards changes nothing. */
export function advance(buffer: PlayBuffer, nowMs: number): PlayBuffer {
  const passedMs = nowMs - buffer.atMs;
  if (passedMs <= 0) return buffer;
  const later = { ...buffer, atMs: nowMs };
  if (buffer.phase === 'stalled') return { ...later, stalledMs: buffer.stalledMs + passedMs };
  if (buffer.phase !== 'playing') return later;
  const playedMs = Math.min(passedMs, playableToMs(buffer) - buffer.positionMs);
  const moved = { ...later, positionMs: buffer.positionMs + playedMs, playedMs: buffer.playedMs + playedMs };
  if (moved.positionMs >= filmEndMs(buffer)) return { ...moved, phase: 'ended' };
  if (playedMs === passedMs) return moved;
  const stalledMs = passedMs - playedMs;
  return { ...moved, phase: 'stalled', stalledMs: buffer.stalledMs + stalledMs, stalledSinceMs: nowMs - stalledMs };
}

/** A track's next piece is complete up to this time of the film. */
export function receive(buffer: PlayBuffer, track: number, readyMs: number, nowMs: number): PlayBuffer {
  const before = advance(buffer, nowMs);
  const tracks = before.tracks.map((each, index) =>
    index === track ? { ...each, readyMs: Math.min(each.endMs, Math.max(each.readyMs, readyMs)) } : each,
  );
  const now = { ...before, tracks };
  const waits = before.phase === 'starting' || before.phase === 'stalled';
  return waits && hasEnough(now) ? show(now) : now;
}

/** Film time that can be played without another byte of this track. */
export function aheadMs(buffer: PlayBuffer, track: number): number {
  const { readyMs = 0 } = buffer.tracks[track] ?? {};
  return Math.max(0, readyMs - buffer.positionMs);
}

/** Whether nothing more has to arrive. */
export function isComplete(buffer: PlayBuffer): boolean {
  return buffer.tracks.every(({ readyMs, endMs }) => readyMs >= endMs);
}

/** Of the stall under way; zero while there is none. */
export function stallingForMs(buffer: PlayBuffer): number {
  return buffer.phase === 'stalled' ? buffer.atMs - buffer.stalledSinceMs : 0;
}

/** Stalls so far, the one under way included. */
export function stallsOf(buffer: PlayBuffer): { readonly count: number; readonly longestMs: number } {
  const runningMs = stallingForMs(buffer);
  return {
    count: buffer.stalls + (runningMs >= NOTICEABLE_MS ? 1 : 0),
    longestMs: Math.max(buffer.stallLongestMs, runningMs),
  };
}

function show(buffer: PlayBuffer): PlayBuffer {
  const { count, longestMs } = stallsOf(buffer);
  const phase = buffer.positionMs >= filmEndMs(buffer) ? 'ended' : 'playing';
  return { ...buffer, phase, stalls: count, stallLongestMs: longestMs };
}

function hasEnough(buffer: PlayBuffer): boolean {
  return isComplete(buffer) || playableToMs(buffer) - buffer.positionMs >= ENOUGH_TO_PLAY_MS;
}

/** Never behind the position: a track that ended early is passed over. */
function playableToMs(buffer: PlayBuffer): number {
  const waited = buffer.tracks.filter(({ readyMs, endMs }) => readyMs < endMs).map(({ readyMs }) => readyMs);
  return Math.max(buffer.positionMs, Math.min(filmEndMs(buffer), ...waited));
}

function filmEndMs(buffer: PlayBuffer): number {
  return Math.max(0, ...buffer.tracks.map(({ endMs }) => endMs));
}
