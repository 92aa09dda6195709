import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { newToken, type Items, type KvStore, type Position } from '@bioscope/kv';

import { EditionSchema, type Edition } from '../contract/index.ts';
import { foldTitle, type TitleEvent, type TitleRecord } from './domain/title.ts';
import { decodeTitleEvent, encodeTitleEvent } from './title-events.ts';

/** The titles' event streams; also what the relay publishes from. */
export const TITLES_NAMESPACE = 'catalog_titles';
const SHELF_NAMESPACE = 'catalog_shelf';
const EDITIONS_NAMESPACE = 'catalog_editions';
const PREPARATION_NAMESPACE = 'catalog_preparation';

/** A title sees an edition or two and a dozen edits; a stream beyond this is a loop somewhere. */
const EVENTS_PER_TITLE_MAX = 10_000;

/** How the catalog's records lie in the key-value store. */
export type CatalogStore = {
  /** The title as its stream says now; null when there is none. */
  readTitle(titleId: string): Promise<TitleRecord | null>;
  append(request: { titleId: string; expectedVersion: number; events: readonly TitleEvent[]; commandId: string }): Promise<{
    kind: 'appended' | 'repeated' | 'conflict';
  }>;
  /** The projection: each title's newest record, whoever wrote it last. An older version never replaces a newer one. */
  shelve(record: TitleRecord): Promise<void>;
  /** Every shelved record, removed ones included. */
  shelved(): AsyncGenerator<TitleRecord>;
  readPosition(): Promise<Position | null>;
  keepPosition(position: Position): Promise<void>;
  putEdition(edition: Edition): Promise<void>;
  readEdition(editionId: string): Promise<Edition | null>;
  deleteEdition(editionId: string): Promise<void>;
  keepPrepared(titleId: string, prepared: number): Promise<void>;
  forgetPrepared(titleId: string): Promise<void>;
  /** Share done of every title that is being prepared. */
  prepared(): Promise<ReadonlyMap<string, number>>;
};

export function catalogStore(kv: KvStore): CatalogStore {
  const { items, streams } = kv;
  return {
    async readTitle(titleId) {
      let record: TitleRecord | null = null;
      for (let after = 0, version = 1; after < version;) {
        const page = await streams.read({ namespace: TITLES_NAMESPACE, stream: titleId, after });
        if (page.version > EVENTS_PER_TITLE_MAX)
          throw new RangeError(`title ${titleId} has ${page.version} events; at most ${EVENTS_PER_TITLE_MAX} are read`);
        for (const event of page.events) record = foldTitle(titleId, record, decodeTitleEvent(event));
        ({ version } = page);
        after = page.events.at(-1)?.sequence ?? version;
      }
      return record;
    },
    async append({ titleId, expectedVersion, events, commandId }) {
      const encoded = events.map(encodeTitleEvent);
      const appended = await streams.append({ namespace: TITLES_NAMESPACE, stream: titleId, expectedVersion, events: encoded, commandId });
      if (appended.kind === 'conflict') return { kind: 'conflict' };
      return { kind: appended.repeated ? 'repeated' : 'appended' };
    },
    // The version is the token's time, so that the store itself keeps the newest record, whichever instance writes last.
    shelve: (record) =>
      items.put({
        namespace: SHELF_NAMESPACE,
        record: 'titles',
        items: [{ key: Buffer.from(record.id), value: json(record) }],
        token: { timeUs: record.version, nonce: '0'.repeat(32) },
      }),
    async *shelved() {
      for await (const { value } of itemsOf(items, SHELF_NAMESPACE, 'titles')) yield parse(value) as TitleRecord;
    },
    async readPosition() {
      const value = await readItem(items, SHELF_NAMESPACE, 'position');
      return value === null ? null : (parse(value) as { position: Position }).position;
    },
    keepPosition: (position) => putItem(items, SHELF_NAMESPACE, 'position', json({ position })),
    putEdition: (edition) => putItem(items, EDITIONS_NAMESPACE, edition.id, toBinary(EditionSchema, edition)),
    async readEdition(editionId) {
      const value = await readItem(items, EDITIONS_NAMESPACE, editionId);
      return value === null ? null : fromBinary(EditionSchema, value);
    },
    deleteEdition: (editionId) =>
      items.delete({ namespace: EDITIONS_NAMESPACE, record: editionId, select: { kind: 'all' }, token: newToken() }),
    keepPrepared: (titleId, prepared) =>
      items.put({
        namespace: PREPARATION_NAMESPACE,
        record: 'titles',
        items: [{ key: Buffer.from(titleId), value: json(prepared) }],
        token: newToken(),
      }),
    forgetPrepared: (titleId) =>
      items.delete({
        namespace: PREPARATION_NAMESPACE,
        record: 'titles',
        select: { kind: 'keys', keys: [Buffer.from(titleId)] },
        token: newToken(),
      }),
    async prepared() {
      const shares = new Map<string, number>();
      for await (const { key, value } of itemsOf(items, PREPARATION_NAMESPACE, 'titles'))
        shares.set(Buffer.from(key).toString(), parse(value) as number);
      return shares;
    },
  };
}

const ONLY_KEY = Buffer.alloc(0);

async function readItem(items: Items, namespace: string, record: string): Promise<Uint8Array | null> {
  const page = await items.get({ namespace, record, select: { kind: 'keys', keys: [ONLY_KEY] } });
  return page.items[0]?.value ?? null;
}

async function putItem(items: Items, namespace: string, record: string, value: Uint8Array): Promise<void> {
  await items.put({ namespace, record, items: [{ key: ONLY_KEY, value }], token: newToken() });
}

/** Ends with the record's last page; the catalogue's own limit on titles bounds how many there are. */
async function* itemsOf(items: Items, namespace: string, record: string): AsyncGenerator<{ key: Uint8Array; value: Uint8Array }> {
  let cursor: string | null = null;
  do {
    const page = await items.get({ namespace, record, page: cursor === null ? {} : { cursor } });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== null);
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function parse(value: Uint8Array): unknown {
  return JSON.parse(Buffer.from(value).toString());
}
