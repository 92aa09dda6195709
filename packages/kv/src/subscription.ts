import { KvFault, KV_FAULTS, type Position, type StreamEvent, type Subscription } from './port.ts';

export type SubscriptionParts = {
  readonly after: Position | null;
  readonly read: (after: Position | null) => Promise<readonly StreamEvent[]>;
  /** Calls back when something may have come; returns how to stop that. */
  readonly onAppended: (wake: () => void) => () => void;
  readonly handler: (events: readonly StreamEvent[]) => Promise<void>;
};

/** Reads on from a position for ever: what is there at once, what comes later when its commit is announced. One delivery at a time. */
export function createSubscription({ after, read, onAppended, handler }: SubscriptionParts): Subscription {
  const closing = new AbortController();
  const closed = closing.signal;
  let appended = true;
  let wakeUp: (() => void) | null = null;
  const wake = (): void => {
    appended = true;
    wakeUp?.();
  };
  const forget = onAppended(wake);
  const ended = run().finally(forget);
  // Whoever does not look at `ended` must not bring the process down by that.
  ended.catch(() => {});

  async function run(): Promise<void> {
    let position = after;
    while (!closed.aborted) {
      // Cleared before reading: an append during the read is seen by the next one.
      appended = false;
      const events = await readPatiently(position);
      const last = events.at(-1);
      if (last === undefined) {
        await untilAppended();
        continue;
      }
      if (closed.aborted) return;
      await handler(events);
      position = last.position;
    }
  }

  async function readPatiently(position: Position | null): Promise<readonly StreamEvent[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await read(position);
      } catch (error) {
        if (closed.aborted) return [];
        if (!(error instanceof KvFault) || !KV_FAULTS[error.code].retry || attempt === READ_ATTEMPTS_MAX) throw error;
        await pause(RETRY_MS * 2 ** attempt);
      }
    }
  }

  function untilAppended(): Promise<void> | void {
    if (appended || closed.aborted) return;
    return new Promise((resolve) => {
      wakeUp = resolve;
    });
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wakeUp = () => {
        if (!closed.aborted) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    ended,
    async close() {
      closing.abort();
      wake();
      await ended.catch(() => {});
    },
  };
}

/** With doubling pauses about three seconds, on top of each read's own deadline. */
const READ_ATTEMPTS_MAX = 5;
const RETRY_MS = 50;
