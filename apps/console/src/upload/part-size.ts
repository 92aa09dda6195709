const KIB = 1024;
export const PART_BYTES_FIRST: number = 1024 * KIB;
export const PART_BYTES_MIN: number = 256 * KIB;
/** A part is what a broken connection costs at most, and the browser may hold it in memory. */
export const PART_BYTES_MAX: number = 32 * 1024 * KIB;
/** Short enough that the bar moves, long enough that the pause between two parts does not count. */
const WANTED_MS = { min: 500, max: 2_000 };

/** How much to send next, when `bytes` took `tookMs`. Browsers tell nothing of a request's progress, so that a part is also the step of the bar. */
export function nextPartBytes(bytes: number, tookMs: number): number {
  if (tookMs < WANTED_MS.min) return Math.min(PART_BYTES_MAX, bytes * 2);
  if (tookMs > WANTED_MS.max) return Math.max(PART_BYTES_MIN, Math.floor(bytes / 2));
  return bytes;
}
