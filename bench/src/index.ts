import type { Bench } from './bench.ts';

export type { Bench, BenchOptions, BenchResult } from './bench.ts';

/** Every bench by name; loaded when asked for. */
export const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  delivery: async () => (await import('./delivery.ts')).bench,
  dns: async () => (await import('./dns.ts')).bench,
  home: async () => (await import('./home.ts')).bench,
  ingest: async () => (await import('./ingest.ts')).bench,
  policy: async () => (await import('./policy.ts')).bench,
  rpc: async () => (await import('./rpc.ts')).bench,
  scale: async () => (await import('./scale.ts')).bench,
  store: async () => (await import('./store.ts')).bench,
};
