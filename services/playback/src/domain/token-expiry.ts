/** Tokens of one tenth of their life are the same, so that a browser that asks for a range again finds it in its cache. */
const STEPS = 10;

/** When a token given now expires: on a whole second, and rounded down, so that nobody watches longer than `lifeMs`. */
export function tokenExpiry(nowMs: number, lifeMs: number): number {
  const stepMs = Math.max(1, Math.floor(lifeMs / STEPS / 1000)) * 1000;
  return Math.floor((nowMs + lifeMs) / stepMs) * stepMs;
}
