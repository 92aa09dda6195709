/** Time and chance of a simulation: whoever has the same seed sees the same. */
export type World = {
  nowMs(): number;
  /** 0 to below 1. */
  random(): number;
  after(delayMs: number, action: () => void): void;
  every(periodMs: number, action: () => void): void;
  /** Lets time pass. */
  run(forMs: number): void;
};

type Planned = { readonly atMs: number; readonly nth: number; readonly action: () => void };

export function createWorld(seed: number): World {
  const random = mulberry32(seed);
  const queue: Planned[] = [];
  let now = 0;
  let count = 0;

  function after(delayMs: number, action: () => void): void {
    const planned = { atMs: now + delayMs, nth: (count += 1), action };
    let place = queue.length;
    while (place > 0 && isLater(queue[place - 1], planned)) place -= 1;
    queue.splice(place, 0, planned);
  }

  function every(periodMs: number, action: () => void): void {
    after(periodMs, () => {
      action();
      every(periodMs, action);
    });
  }

  return {
    nowMs: () => now,
    random,
    after,
    every,
    run(forMs) {
      const endMs = now + forMs;
      for (;;) {
        const next = queue[0];
        if (next === undefined || next.atMs > endMs) break;
        queue.shift();
        now = next.atMs;
        next.action();
      }
      now = endMs;
    },
  };
}

function isLater(one: Planned | undefined, other: Planned): boolean {
  return one !== undefined && (one.atMs > other.atMs || (one.atMs === other.atMs && one.nth > other.nth));
}

function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
