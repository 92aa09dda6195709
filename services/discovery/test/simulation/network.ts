import type { World } from './world.ts';

/** Who answers at an address, and how. */
export type Endpoint = {
  /** `away`: nobody listens, the caller knows at once. `paused`: it takes the connection and does not answer. */
  state: 'up' | 'away' | 'paused';
  answer: (request: unknown) => unknown;
};

export type Network = {
  readonly endpoints: Map<string, Endpoint>;
  /** Between two places; both directions. */
  cut(a: string, b: string): void;
  heal(): void;
  reaches(a: string, b: string): boolean;
  /** `told` is called once: with the answer, or with how it failed. */
  call(from: string, to: string, request: unknown, deadlineMs: number, told: (outcome: Outcome) => void): void;
};
export type Outcome = { readonly kind: 'answer'; readonly answer: unknown } | { readonly kind: 'absent' } | { readonly kind: 'late' };

/** One way; on a busy machine as well as between regions. */
const DELAY_MS_MAX = 120;

export function createNetwork(world: World): Network {
  const endpoints = new Map<string, Endpoint>();
  const cuts = new Set<string>();
  const reaches = (a: string, b: string): boolean => a === b || !cuts.has(linkOf(a, b));
  const delay = (): number => 1 + world.random() * world.random() * DELAY_MS_MAX;

  return {
    endpoints,
    reaches,
    cut: (a, b) => cuts.add(linkOf(a, b)),
    heal: () => cuts.clear(),
    call(from, to, request, deadlineMs, told) {
      let isOver = false;
      const end = (outcome: Outcome): void => {
        if (isOver) return;
        isOver = true;
        told(outcome);
      };
      world.after(deadlineMs, () => end({ kind: 'late' }));
      world.after(delay(), () => {
        const there = endpoints.get(to);
        if (!reaches(from, to) || there?.state === 'paused') return;
        if (there === undefined || there.state === 'away') return world.after(delay(), () => end({ kind: 'absent' }));
        const answer = there.answer(request);
        world.after(delay(), () => {
          if (reaches(from, to)) end({ kind: 'answer', answer });
        });
      });
    },
  };
}

function linkOf(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
