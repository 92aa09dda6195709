import { createBell } from '../bell.ts';
import type { LogRecord } from '../port.ts';
import { pauseMs } from '../progress.ts';
import type { Cluster } from './cluster.ts';
import type { Connections } from './connections.ts';
import { type Fetched, fetchFrom, nextAfter } from './fetch.ts';
import { addFetched, type Held, wantsMore } from './held.ts';
import { isControl, offsetIn, toRecord } from './record-format.ts';
import type { Topics } from './topics.ts';

export type FetcherParts = {
  readonly cluster: Cluster;
  readonly topics: Topics;
  readonly connections: Connections;
  readonly topic: string;
  readonly topicName: string;
  readonly held: () => readonly Held[];
  readonly arrived: () => void;
  readonly outOfRange: (held: Held) => void;
  readonly trouble: (doing: string, error: unknown) => void;
};

export type Fetcher = { wake(): void; close(): void };

/** Keeps the buffers of the partitions held filled: one question under way per broker. */
export function createFetcher(parts: FetcherParts): Fetcher {
  const { cluster, topics, topic, topicName, held, arrived, outOfRange, trouble } = parts;
  const asking = new Set<number>();
  const bell = createBell();
  const closing = new AbortController();
  let failures = 0;
  void run();

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await askAll();
      } catch (error) {
        failed(error);
      }
      await bell.wait(failures > 0 ? Math.min(pauseMs(failures), RETRY_MS_MAX) : LOOK_MS);
    }
  }

  async function askAll(): Promise<void> {
    const all = held();
    const wanting = all.filter(wantsMore);
    if (wanting.length === 0) return;
    const view = await topics.ready(topic);
    const byLeader = new Map<number, Held[]>();
    let headless = false;
    for (const one of wanting) {
      const leader = view.leaders[one.partition] ?? null;
      if (leader === null) headless = true;
      else byLeader.set(leader, [...(byLeader.get(leader) ?? []), one]);
    }
    // Those whose buffers are full will want more soon: the broker must not sit on the others' question until then.
    const waitMs = wanting.length < all.length ? WAIT_MS_SHORT : WAIT_MS;
    for (const [leader, of] of byLeader) if (!asking.has(leader)) void ask(leader, of, waitMs);
    if (headless) {
      await cluster.refresh(topic);
      await new Promise((resolve) => setTimeout(resolve, HEADLESS_MS));
    }
  }

  async function ask(leader: number, of: readonly Held[], waitMs: number): Promise<void> {
    asking.add(leader);
    try {
      const view = await topics.ready(topic);
      const wanted = of.map(({ partition, fetchFrom: from }) => ({ partition, from }));
      const answer = await fetchFrom(parts, { leader, view, wanted, waitMs });
      failures = 0;
      const current = new Set(held());
      const known = new Map(of.map((one) => [one.partition, one]));
      for (const fetched of answer) {
        const one = known.get(fetched.partition);
        // It may have been given away, or given back anew, while the broker waited.
        if (one !== undefined && current.has(one) && one.fetchFrom === fetched.from) take(one, fetched);
      }
    } catch (error) {
      if (!closing.signal.aborted) failed(error);
      await cluster.refresh(topic).catch(() => {});
    } finally {
      asking.delete(leader);
      bell.ring();
    }
  }

  function take(one: Held, fetched: Fetched): void {
    if (fetched.refusal === 'OFFSET_OUT_OF_RANGE') return outOfRange(one);
    if (fetched.refusal !== null) throw new Error(`cannot fetch from partition ${one.partition} of ${topic}: ${fetched.refusal}`);
    const next = nextAfter(fetched);
    if (next === one.fetchFrom) return;
    const records: LogRecord[] = [];
    for (const batch of fetched.batches) {
      if (isControl(batch)) continue;
      for (const record of batch.records) {
        if (offsetIn(batch, record) >= one.fetchFrom) records.push(toRecord({ topic: topicName, partition: one.partition }, batch, record));
      }
    }
    addFetched(one, records, next);
    arrived();
  }

  function failed(error: unknown): void {
    failures += 1;
    trouble('fetch', error);
  }

  return {
    wake: () => bell.ring(),
    close() {
      closing.abort();
      bell.ring();
    },
  };
}

/** How long a broker holds back an answer that would be empty: what an idle subscription costs per broker. */
const WAIT_MS = 500;
const WAIT_MS_SHORT = 20;
/** Whatever changes rings the bell; this bounds the harm should a ring be missed. */
const LOOK_MS = 1_000;
const RETRY_MS_MAX = 1_000;
const HEADLESS_MS = 100;
