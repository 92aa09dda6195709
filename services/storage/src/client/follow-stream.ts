import { setTimeout as sleep } from 'node:timers/promises';
import { KV_FAULTS } from '@bioscope/kv';
import type { Position, StreamEvent, Subscription } from '@bioscope/kv';
import { asKvFault } from '../domain/faults.ts';
import { WAIT_GRACE_MS, WAIT_MS } from './limits.ts';

export type FollowParts = {
  readonly after: Position | null;
  readonly handler: (events: readonly StreamEvent[]) => Promise<void>;
  /** The events after a position: at once when there are some, else once there are, or none after the wait. */
  readonly next: (
    position: Position | null,
    waitMs: number,
    how: { deadlineMs: number; signal: AbortSignal },
  ) => Promise<readonly StreamEvent[]>;
};

const PAUSE_MS = 50;
/** A storage that comes back is noticed within this. */
const PAUSE_MS_MAX = 1_000;

/** Asks for what comes after a position, for ever: a storage that is away is asked again until it is back. One delivery at a time. */
export function followStream({ after, handler, next }: FollowParts): Subscription {
  const closing = new AbortController();
  const { signal } = closing;
  const ended = run();
  // Whoever does not look at `ended` must not bring the process down by that.
  ended.catch(() => {});

  async function run(): Promise<void> {
    let position = after;
    let fruitless = 0;
    while (!signal.aborted) {
      const askedAtMs = performance.now();
      const events = await ask(position);
      const last = events?.at(-1);
      if (signal.aborted) return;
      if (events === null || last === undefined) {
        // A storage that is closing answers early with nothing.
        fruitless = performance.now() - askedAtMs < WAIT_MS / 2 ? fruitless + 1 : 0;
        if (fruitless > 0) await pause(Math.min(PAUSE_MS * 2 ** (fruitless - 1), PAUSE_MS_MAX));
        continue;
      }
      fruitless = 0;
      await handler(events);
      position = last.position;
    }
  }

  /** Null: it did not answer. */
  async function ask(position: Position | null): Promise<readonly StreamEvent[] | null> {
    try {
      return await next(position, WAIT_MS, { deadlineMs: WAIT_MS + WAIT_GRACE_MS, signal });
    } catch (error) {
      const fault = asKvFault(error);
      if (signal.aborted || KV_FAULTS[fault.code].retry) return null;
      throw fault;
    }
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }

  return {
    ended,
    async close() {
      closing.abort();
      await ended.catch(() => {});
    },
  };
}
