import assert from 'node:assert/strict';
import { all } from '../src/conformance/check.ts';
import { type KvCallOptions, KV_FAULTS, KvFault, type KvStore } from '../src/port.ts';
import { bytes, utf8 } from '../src/text.ts';
import { newToken } from '../src/token.ts';

export const KINDS = ['put', 'set', 'append', 'lease'] as const;
export type Kind = (typeof KINDS)[number];
export type Counts = Record<Kind, number>;

export type Workload = {
  /** Acknowledged calls so far. */
  readonly counts: () => Counts;
  /** Lets every client finish what it is about, then rejects if anything was answered that must not be. */
  stop(): Promise<void>;
  /** Reads everything back that was acknowledged. */
  checkNothingIsLost(store: KvStore): Promise<void>;
};

const CLIENTS = 4;
/** Short, so that many calls end without an answer and are sent again. */
const LIMITS: KvCallOptions = { deadlineMs: 2_500 };
const FINISH_MS_MAX = 60_000;

/**
 * Clients that put, set, append and lease without end, each on things of its own: so every answer is known beforehand, and a lost or a doubled write shows
 * at once as a conflict. What gets no answer is sent again as the same command until it does.
 */
export function startWorkload(stores: readonly KvStore[], namespace: string): Workload {
  const counts: Counts = { put: 0, set: 0, append: 0, lease: 0 };
  const reached = Array.from({ length: CLIENTS }, (): Counts => ({ put: 0, set: 0, append: 0, lease: 0 }));
  const fences = new Map<string, number>();
  const stopping = new AbortController();

  async function untilAnswered<T>(work: () => Promise<T>): Promise<T> {
    let endsAt = Infinity;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof KvFault) || !KV_FAULTS[error.code].retry) throw error;
        if (stopping.signal.aborted && endsAt === Infinity) endsAt = performance.now() + FINISH_MS_MAX;
        if (performance.now() > endsAt) throw error;
      }
    }
  }

  const steps: Record<Kind, (store: KvStore, client: number, next: number) => Promise<void>> = {
    async put({ items }, client, next) {
      const request = { namespace, record: `record ${client}`, items: [itemOf(next)], token: newToken() };
      await untilAnswered(() => items.put(request, LIMITS));
    },
    async set({ registers }, client, next) {
      const request = { namespace, name: `register ${client}`, value: bytes(`value ${next}`), commandId: newToken().nonce };
      if (next === 1) {
        assert.deepEqual(await untilAnswered(() => registers.create(request, LIMITS)), { kind: 'created', version: 1 });
      } else {
        const answer = await untilAnswered(() => registers.compareAndSet({ ...request, expectedVersion: next - 1 }, LIMITS));
        assert.deepEqual(answer, { kind: 'set', version: next });
      }
    },
    async append({ streams }, client, next) {
      const events = [{ type: 'happened', data: bytes(`event ${next}`) }];
      const request = { namespace, stream: `stream ${client}`, expectedVersion: next - 1, events, commandId: newToken().nonce };
      const answer = await untilAnswered(() => streams.append(request, LIMITS));
      assert.ok(answer.kind === 'appended' && answer.version === next, `client ${client} appended ${next}: ${JSON.stringify(answer)}`);
    },
    async lease({ registers }, client) {
      const name = `lease ${client}`;
      const answer = await untilAnswered(() =>
        registers.acquireLease({ namespace, name, holder: `client ${client}`, ttlMs: 60_000 }, LIMITS),
      );
      assert.ok(answer.kind === 'held', `the lease of client ${client} was given to somebody else`);
      assert.equal(answer.fence, fences.get(name) ?? answer.fence, 'the fence of a held lease changed');
      fences.set(name, answer.fence);
    },
  };

  const running = all(CLIENTS, async (client) => {
    await Promise.all(
      KINDS.map(async (kind) => {
        const store = stores[client % stores.length];
        const mine = reached[client];
        assert.ok(store !== undefined && mine !== undefined);
        while (!stopping.signal.aborted) {
          await steps[kind](store, client, mine[kind] + 1);
          mine[kind] += 1;
          counts[kind] += 1;
        }
      }),
    );
  });
  // Looked at by stop: until then a failure must not end the process.
  running.catch(() => stopping.abort());

  return {
    counts: () => ({ ...counts }),
    async stop() {
      stopping.abort();
      await running;
    },
    async checkNothingIsLost(store) {
      for (const [client, mine] of reached.entries()) {
        assert.deepEqual(
          await textsIn(store, namespace, `record ${client}`),
          Array.from({ length: mine.put }, (_, index) => `item ${index + 1}`),
        );
        const register = await store.registers.read({ namespace, name: `register ${client}` });
        assert.deepEqual([register?.version, register && utf8(register.value)], [mine.set, `value ${mine.set}`]);
        assert.deepEqual(
          await eventsIn(store, namespace, `stream ${client}`),
          Array.from({ length: mine.append }, (_, index) => `event ${index + 1}`),
        );
      }
    },
  };
}

/** How many calls of each kind were acknowledged between two counts. */
export function progress(from: Counts, to: Counts): Counts {
  return { put: to.put - from.put, set: to.set - from.set, append: to.append - from.append, lease: to.lease - from.lease };
}

export async function eventsIn({ streams }: KvStore, namespace: string, stream: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const { events, version } = await streams.read({ namespace, stream, after: found.length });
    found.push(...events.map(({ data }) => utf8(data)));
    if (found.length >= version) return found;
  }
}

async function textsIn({ items }: KvStore, namespace: string, record: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await items.get({ namespace, record, page: cursor === undefined ? {} : { cursor } });
    found.push(...page.items.map(({ value }) => utf8(value)));
    cursor = page.cursor;
  }
  return found;
}

function itemOf(next: number): { key: Uint8Array; value: Uint8Array } {
  return { key: bytes(String(next).padStart(8, '0')), value: bytes(`item ${next}`) };
}
