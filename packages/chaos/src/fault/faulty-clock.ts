import type { Faults } from './faults.ts';

/** The wall clock, off by what the rules say. */
export function faultyClock(nowMs: () => number, faults: Faults): () => number {
  return () => nowMs() + faults.jumpMs();
}
