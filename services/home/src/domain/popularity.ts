/** How often a title was watched of late: each viewer of a day counts one, and half of it is gone after a week. */
export type Popularity = { readonly score: number; readonly atMs: number };

const HALF_LIFE_MS = 7 * 24 * 60 * 60_000;

export function countOne(before: Popularity | null, atMs: number): Popularity {
  if (before === null) return { score: 1, atMs };
  // An event that comes late counts for what is left of it, so that the order of events does not matter.
  const newest = Math.max(before.atMs, atMs);
  return { score: scoreAt(before, newest) + scoreAt({ score: 1, atMs }, newest), atMs: newest };
}

/** What is left of it at a later time. */
export function scoreAt({ score, atMs }: Popularity, nowMs: number): number {
  return score * 2 ** (-Math.max(0, nowMs - atMs) / HALF_LIFE_MS);
}

/** The days in which one profile counts once per title; UTC, so that the same data gives the same counts everywhere. */
export function dayOf(atMs: number): number {
  return Math.floor(atMs / (24 * 60 * 60_000));
}
