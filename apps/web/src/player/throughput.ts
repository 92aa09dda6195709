const KEY = 'bioscope.throughput';
const MEMORY_MS = 7 * 24 * 3_600_000;
// A first guess that starts at a middle rung: wrong by one rung at most on the lines that are common today.
const UNKNOWN_KBPS = 1_500;
const RANGE_KBPS = { min: 300, max: 40_000 } as const;

type Storage = { getItem(key: string): string | null; setItem(key: string, value: string): void };

/**
 * The bandwidth to start with, in bits per second: what this browser saw last, less a fifth, because a start that is too sharp stalls
 * and a start that is too soft mends itself within seconds. Forgotten after a week.
 */
export function startingBandwidth(storage: Storage, nowMs: number): number {
  const kept = read(storage);
  if (kept === undefined || nowMs - kept.atMs > MEMORY_MS || kept.atMs > nowMs) return UNKNOWN_KBPS * 1_000;
  return Math.min(Math.max(kept.kbps * 0.8, RANGE_KBPS.min), RANGE_KBPS.max) * 1_000;
}

export function rememberBandwidth(storage: Storage, bitsPerSecond: number, nowMs: number): void {
  if (!Number.isFinite(bitsPerSecond) || bitsPerSecond <= 0) return;
  try {
    storage.setItem(KEY, JSON.stringify({ kbps: Math.round(bitsPerSecond / 1_000), atMs: nowMs }));
  } catch {
    // Storage is full or forbidden: the next start guesses.
  }
}

function read(storage: Storage): { kbps: number; atMs: number } | undefined {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('kbps' in kept) || !('atMs' in kept)) return undefined;
    const { kbps, atMs } = kept;
    return typeof kbps === 'number' && typeof atMs === 'number' ? { kbps, atMs } : undefined;
  } catch {
    return undefined;
  }
}
