/** What a bad network does to connections. May be changed while they are open. */
export type Impairment = {
  /** Added on the way, each direction. */
  readonly latencyMs: number;
  /** Up to so much more, at random; bytes never overtake each other. */
  readonly jitterMs: number;
  /** Each direction of each connection. Absent: no limit. */
  readonly bytesPerSecond?: number;
  /** Of the connections (0 to 1), open ones and new ones: reset. TCP shows no lost packet to those who use it, only what becomes of the connection. */
  readonly resetShare: number;
  /** Of the connections: nothing moves any more, and nobody is told. */
  readonly stallShare: number;
};

export const UNIMPAIRED: Impairment = { latencyMs: 0, jitterMs: 0, resetShare: 0, stallShare: 0 };

/** When a piece that arrives now leaves: after those before it, later by latency and jitter, and by its own length where bandwidth is short. */
export function departureOf(
  piece: { readonly arrivedAtMs: number; readonly bytes: number; readonly previousAtMs: number },
  { latencyMs, jitterMs, bytesPerSecond }: Impairment,
  random: () => number,
): number {
  const arrivesAtMs = piece.arrivedAtMs + latencyMs + (jitterMs === 0 ? 0 : random() * jitterMs);
  const transferMs = bytesPerSecond === undefined ? 0 : (piece.bytes / bytesPerSecond) * 1_000;
  return Math.max(arrivesAtMs, piece.previousAtMs) + transferMs;
}
