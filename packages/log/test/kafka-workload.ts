import { setTimeout } from 'node:timers/promises';
import { bytes, KvFault, utf8 } from '@bioscope/kv';
import type { Log, LogRecord } from '../src/port.ts';

/** One publication that did not succeed: when it was tried, how long it took to say so, and with which fault. */
export type Failure = { readonly code: string; readonly tookMs: number };

export type Counting = {
  /** The last number acknowledged under each key. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly failures: readonly Failure[];
  total(): number;
  stop(): Promise<void>;
};

/**
 * Publishes 1, 2, 3 … under each of some keys as a relay would: in order, each until it is acknowledged, whatever happens in between. `said` hears
 * of each acknowledgement at once.
 */
export function countUp(
  log: Log,
  topic: string,
  { keys, from, said }: { keys: number; from?: ReadonlyMap<string, number>; said?: (key: string, count: number) => void },
): Counting {
  const acknowledged = new Map(from);
  const failures: Failure[] = [];
  const stopping = new AbortController();
  let total = 0;

  async function countUnder(key: string): Promise<void> {
    for (let count = (acknowledged.get(key) ?? 0) + 1; !stopping.signal.aborted;) {
      const before = performance.now();
      try {
        await log.publish(topic, [{ key, type: 'counted', value: bytes(String(count)), origin: { stream: key, sequence: count } }]);
      } catch (error) {
        failures.push({ code: error instanceof KvFault ? error.code : String(error), tookMs: performance.now() - before });
        continue;
      }
      acknowledged.set(key, count);
      said?.(key, count);
      total += 1;
      count += 1;
      await setTimeout(EVERY_MS);
    }
  }

  const publishers = Array.from({ length: keys }, (_, index) => countUnder(`k${index}`));
  return {
    acknowledged,
    failures,
    total: () => total,
    async stop() {
      stopping.abort();
      await Promise.all(publishers);
    },
  };
}

/** Often enough to be in the way of every failure; what is measured here is not speed. */
const EVERY_MS = 10;

export function numberOf({ value }: LogRecord): number {
  return Number(utf8(value));
}
