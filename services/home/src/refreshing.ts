import type { Logger } from '@bioscope/telemetry';

/** What changed: ids, or everything. */
export type Changed = ReadonlySet<string> | 'all';

export type Refreshing = {
  /** Asks for a refresh soon; askings that come close together are served by one. */
  ask(changed: Iterable<string> | 'all'): void;
  close(): Promise<void>;
};

/** Events of one change come together; what a person does is seen at once all the same. */
const GATHER_MS = 50;
const PAUSE_FIRST_MS = 250;
/** Who does not answer is asked twice a minute. */
const PAUSE_MAX_MS = 30_000;

/**
 * Refreshes everything at once and `everyMs` after the last time, and what is asked for soon; one refresh at a time. A refresh that fails is made up for by
 * one of everything, after growing pauses.
 */
export function refreshing(parts: {
  readonly refresh: (changed: Changed) => Promise<void>;
  readonly everyMs: number;
  readonly logger: Logger;
}): Refreshing {
  let asked: Set<string> | 'all' = 'all';
  const closing = new AbortController();
  let isIdle = false;
  let cut: () => void = () => undefined;
  const work = run();

  async function run(): Promise<void> {
    let pauseMs = PAUSE_FIRST_MS;
    while (!closing.signal.aborted) {
      const changed = asked;
      asked = new Set();
      try {
        await parts.refresh(changed);
        pauseMs = PAUSE_FIRST_MS;
      } catch (err) {
        parts.logger.warn({ err, pauseMs }, 'the catalogue could not be read; what is known goes on');
        asked = 'all';
        await sleep(pauseMs);
        pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
        continue;
      }
      await waitForWork();
    }
  }

  async function waitForWork(): Promise<void> {
    if (!isAsked()) {
      isIdle = true;
      await sleep(parts.everyMs);
      isIdle = false;
    }
    if (isAsked()) await sleep(GATHER_MS);
    else asked = 'all';
  }

  const isAsked = (): boolean => asked === 'all' || asked.size > 0;

  function sleep(ms: number): Promise<void> {
    if (closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      cut = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    ask(changed) {
      if (changed === 'all') asked = 'all';
      else if (asked !== 'all') for (const id of changed) asked.add(id);
      if (isIdle) cut();
    },
    async close() {
      closing.abort();
      cut();
      await work;
    },
  };
}
