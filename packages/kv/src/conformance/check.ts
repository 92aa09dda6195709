import type { KvStore } from '../port.ts';

/** One promise of the port, and how to see whether an engine keeps it. */
export type KvCheck = { readonly name: string; run(subject: KvSubject): Promise<void> };

export type KvSubject = {
  /** The engine under test; after `reopen`, the new one. */
  readonly store: () => KvStore;
  /** A namespace that only this check uses. */
  readonly namespace: string;
  /** Closes the engine and opens it again on the same data. */
  readonly reopen: () => Promise<void>;
  /** A number generator that gives the same numbers for the same seed. */
  readonly random: () => number;
  readonly seed: number;
};

/** Whether to look harder and longer. */
export const thorough: boolean = process.env['BIOSCOPE_TEST_ALL'] === '1';

/** Asks until the answer satisfies, at most `withinMs`. */
export async function eventually<T>(what: string, ask: () => Promise<T>, satisfied: (answer: T) => boolean, withinMs = 15_000): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (performance.now() > end) throw new Error(`did not happen within ${withinMs} ms: ${what}; last answer ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Mulberry32: small, good enough to vary tests, the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function all<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(index)));
}
