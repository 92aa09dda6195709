/** What became of one wish to play. */
export type StartOutcome =
  | { readonly kind: 'started' }
  | { readonly kind: 'refused'; readonly because: string }
  | { readonly kind: 'failed' };

export type StartSecond = {
  /** The second's beginning. */
  readonly atMs: number;
  readonly started: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly failed: number;
};

export type StartCounts = {
  count(outcome: StartOutcome, nowMs: number): void;
  /** The seconds until now in which something happened, the running one included, oldest first. */
  read(nowMs: number): StartSecond[];
};

/** Two minutes of whole seconds, as far as an operator looks back, and the running one. */
export const SECONDS_KEPT = 121;
/** More than there are; a release that invents them without end costs no memory. */
const REASONS_PER_SECOND_MAX = 64;
const FURTHER_REASONS = 'others';

type Slot = { second: number; started: number; failed: number; refused: Map<string, number> };

/** Starts by second, in a ring. What was counted before a clock was set back is told when the clock gets there again. */
export function startCounts(): StartCounts {
  const ring = new Map<number, Slot>();
  const slotOf = (second: number): Slot => {
    const place = second % SECONDS_KEPT;
    const found = ring.get(place);
    if (found?.second === second) return found;
    const slot: Slot = { second, started: 0, failed: 0, refused: new Map() };
    ring.set(place, slot);
    return slot;
  };
  return {
    count(outcome, nowMs) {
      const slot = slotOf(secondOf(nowMs));
      if (outcome.kind === 'started') slot.started += 1;
      else if (outcome.kind === 'failed') slot.failed += 1;
      else countReason(slot.refused, outcome.because);
    },
    read(nowMs) {
      const now = secondOf(nowMs);
      return [...ring.values()]
        .filter(({ second }) => second <= now && second > now - SECONDS_KEPT)
        .sort((one, other) => one.second - other.second)
        .map(({ second, started, failed, refused }) => ({ atMs: second * 1000, started, failed, refused: Object.fromEntries(refused) }));
    },
  };
}

function countReason(refused: Map<string, number>, because: string): void {
  const reason = refused.has(because) || refused.size < REASONS_PER_SECOND_MAX ? because : FURTHER_REASONS;
  refused.set(reason, (refused.get(reason) ?? 0) + 1);
}

function secondOf(ms: number): number {
  return Math.floor(ms / 1000);
}
