import { bytes, newToken, utf8 } from '@bioscope/kv';
import type { KvStore } from '@bioscope/kv';
import { persist } from './persist.ts';
import { parseRecord } from './record.ts';
import type { JobRecord } from './record.ts';

export type Versioned = { readonly record: JobRecord; readonly version: number };
export type Hint = {
  readonly id: string;
  readonly generation: number;
  readonly priority: number;
  readonly createdAtMs: number;
  readonly writtenAtMs: number;
};
export type Written =
  | { readonly kind: 'written'; readonly version: number }
  | { readonly kind: 'conflict'; readonly current: Versioned | null };

const STATES = 'jobs_state';
const HINTS = 'jobs_queue';

/**
 * A job is one register; every change is a compare-and-set on it. Which jobs there are is told by hints: items that are written before and
 * removed after the register, so that a crash between leaves a hint too many, never one too few.
 */
export type JobStore = ReturnType<typeof jobStore>;

export function jobStore({ kv, newId }: { kv: KvStore; newId: () => string }) {
  const nameOf = (queue: string, id: string) => ({ namespace: STATES, name: `${queue}/${id}` });

  return {
    async read(queue: string, id: string): Promise<Versioned | null> {
      const found = await persist(() => kv.registers.read(nameOf(queue, id)));
      return found === null ? null : { record: parseRecord(found.value), version: found.version };
    },

    async create(queue: string, record: JobRecord): Promise<Versioned> {
      const commandId = newId();
      const made = await persist(() => kv.registers.create({ ...nameOf(queue, record.id), value: valueOf(record), commandId }));
      if (made.kind === 'created') return { record, version: made.version };
      return { record: parseRecord(made.current.value), version: made.current.version };
    },

    async change(queue: string, record: JobRecord, expectedVersion: number): Promise<Written> {
      const commandId = newId();
      const set = await persist(() =>
        kv.registers.compareAndSet({ ...nameOf(queue, record.id), expectedVersion, value: valueOf(record), commandId }),
      );
      if (set.kind === 'set') return { kind: 'written', version: set.version };
      const { current } = set;
      return { kind: 'conflict', current: current === null ? null : { record: parseRecord(current.value), version: current.version } };
    },

    async remove(queue: string, id: string, expectedVersion: number): Promise<void> {
      const commandId = newId();
      await persist(() => kv.registers.remove({ ...nameOf(queue, id), expectedVersion, commandId }));
    },

    hintOpen: (queue: string, record: JobRecord) => putHint(openOf(queue), openKey(record), record),
    hintEnded: (queue: string, record: JobRecord) => putHint(endedOf(queue), record.id, record),
    dropOpen: (queue: string, hint: { id: string; generation: number }) => dropHint(openOf(queue), openKey(hint)),
    dropEnded: (queue: string, id: string) => dropHint(endedOf(queue), id),
    openHints: (queue: string) => hintsIn(openOf(queue)),
    endedHints: (queue: string) => hintsIn(endedOf(queue)),
  };

  async function putHint(record: string, key: string, job: JobRecord): Promise<void> {
    const { id, generation, priority, createdAtMs } = job;
    const item = { key: bytes(key), value: bytes(JSON.stringify({ id, generation, priority, createdAtMs })) };
    const token = newToken();
    await persist(() => kv.items.put({ namespace: HINTS, record, items: [item], token }));
  }

  async function dropHint(record: string, key: string): Promise<void> {
    const token = newToken();
    await persist(() => kv.items.delete({ namespace: HINTS, record, select: { kind: 'keys', keys: [bytes(key)] }, token }));
  }

  async function hintsIn(record: string): Promise<Hint[]> {
    const hints: Hint[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = cursor === undefined ? {} : { page: { cursor } };
      const found = await persist(() => kv.items.get({ namespace: HINTS, record, ...page }));
      for (const item of found.items) hints.push({ ...parseHint(item.value), writtenAtMs: item.token.timeUs / 1000 });
      cursor = found.cursor;
    }
    return hints;
  }
}

const openOf = (queue: string): string => `${queue}/open`;
const endedOf = (queue: string): string => `${queue}/ended`;
/** With the generation, so that removing the hint of an earlier life never removes that of a later one. */
const openKey = ({ id, generation }: { id: string; generation: number }): string => `${generation}:${id}`;
const valueOf = (record: JobRecord): Uint8Array => bytes(JSON.stringify(record));

function parseHint(value: Uint8Array): Omit<Hint, 'writtenAtMs'> {
  return JSON.parse(utf8(value)) as Omit<Hint, 'writtenAtMs'>;
}
