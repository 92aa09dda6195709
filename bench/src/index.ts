import type { Bench } from './bench.ts';

export type { Bench, BenchOptions, BenchResult } from './bench.ts';

/** Every bench by name; loaded when asked for. */
export const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  rpc: async () => (await import('./rpc.ts')).bench,
  store: async () => (await import('./store.ts')).bench,
};
