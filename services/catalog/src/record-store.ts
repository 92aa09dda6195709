import { newToken, type Items, type KvStore, type Position } from '@bioscope/kv';

import type { Aggregate, Kept } from './aggregate.ts';
import { itemsOf } from './items-of.ts';
import { decodeEvent, encodeEvent } from './record-events.ts';

/** A title sees an edition or two and a dozen edits; a stream beyond this is a loop somewhere. */
const EVENTS_MAX = 10_000;

/** How records that are sums of events lie in the key-value store. */
export type RecordStore<R extends Kept, E> = {
  /** The record as its stream says now; null when there is none. */
  read(id: string): Promise<R | null>;
  append(request: { id: string; expectedVersion: number; events: readonly E[]; commandId: string }): Promise<{
    kind: 'appended' | 'repeated' | 'conflict';
  }>;
  /** The projection: each one's newest record, whoever wrote it last. An older version never replaces a newer one. */
  shelve(record: R): Promise<void>;
  /** Every shelved record, removed ones included. */
  shelved(): AsyncGenerator<R>;
  readPosition(): Promise<Position | null>;
  keepPosition(position: Position): Promise<void>;
};

export function recordStore<R extends Kept, E extends { readonly type: string }>(
  { items, streams }: Pick<KvStore, 'items' | 'streams'>,
  aggregate: Aggregate<R, E>,
): RecordStore<R, E> {
  const { what, namespace, shelf, fold, revive } = aggregate;
  return {
    async read(id) {
      let record: R | null = null;
      for (let after = 0, version = 1; after < version;) {
        const page = await streams.read({ namespace, stream: id, after });
        if (page.version > EVENTS_MAX) throw new RangeError(`${what} ${id} has ${page.version} events; at most ${EVENTS_MAX} are read`);
        for (const event of page.events) record = fold(id, record, decodeEvent(aggregate, event));
        ({ version } = page);
        after = page.events.at(-1)?.sequence ?? version;
      }
      return record;
    },
    async append({ id, expectedVersion, events, commandId }) {
      const appended = await streams.append({ namespace, stream: id, expectedVersion, events: events.map(encodeEvent), commandId });
      if (appended.kind === 'conflict') return { kind: 'conflict' };
      return { kind: appended.repeated ? 'repeated' : 'appended' };
    },
    // The version is the token's time, so that the store itself keeps the newest record, whichever instance writes last.
    shelve: (record) =>
      items.put({
        ...shelf,
        items: [{ key: Buffer.from(record.id), value: json(record) }],
        token: { timeUs: record.version, nonce: '0'.repeat(32) },
      }),
    async *shelved() {
      for await (const { value } of itemsOf(items, shelf)) yield revive(parse(value));
    },
    readPosition: () => readPosition(items, shelf.namespace),
    keepPosition: (position) =>
      items.put({
        namespace: shelf.namespace,
        record: POSITION,
        items: [{ key: Buffer.alloc(0), value: json({ position }) }],
        token: newToken(),
      }),
  };
}

const POSITION = 'position';

async function readPosition(items: Items, namespace: string): Promise<Position | null> {
  const page = await items.get({ namespace, record: POSITION });
  const value = page.items[0]?.value;
  return value === undefined ? null : (parse(value) as { position: Position }).position;
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function parse(value: Uint8Array): unknown {
  return JSON.parse(Buffer.from(value).toString());
}
