import { bytes, newToken, utf8, type Items, type KvStore, type WriteToken } from '@bioscope/kv';

import type { Bookmark } from './domain/bookmark.ts';
import { SESSION_IDLE_MS_MAX, SESSION_REMEMBERED_MS, type Session } from './domain/session.ts';

const SESSIONS = 'playback_sessions';
const BOOKMARKS = 'playback_bookmarks';
/** By title: who has a bookmark in it, so that removing a title finds them all. */
const WATCHERS = 'playback_watchers';
const REMOVED = 'playback_removed';

/** How sessions and bookmarks lie in the key-value store. */
export type PlaybackStore = {
  /** Kept until it has been idle for too long, or, once ended, for as long as it is remembered. `token` from before it was read: an end in between wins. */
  putSession(session: Session, token?: WriteToken): Promise<void>;
  readSession(sessionId: string): Promise<Session | null>;
  readBookmark(viewerId: string, titleId: string): Promise<Bookmark | null>;
  /** `token` from before the title was looked up: a removal in between wins. */
  putBookmark(viewerId: string, bookmark: Bookmark, token: WriteToken): Promise<void>;
  /** In no order. At most as many as there are titles. */
  listBookmarks(viewerId: string): Promise<readonly Bookmark[]>;
  /** Every viewer's bookmark in the title. May be repeated. */
  deleteBookmarksOf(titleId: string): Promise<void>;
  /** Remembered for as long as a session of the title can still ask. */
  markRemoved(titleId: string): Promise<void>;
  isRemoved(titleId: string): Promise<boolean>;
};

export function playbackStore({ items }: KvStore): PlaybackStore {
  return {
    async putSession(session, token = newToken()) {
      const ttlMs = session.endedAtMs === null ? SESSION_IDLE_MS_MAX + SESSION_REMEMBERED_MS : SESSION_REMEMBERED_MS;
      const item = { key: ONLY_KEY, value: json(session), ttlMs };
      await items.put({ namespace: SESSIONS, record: session.id, items: [item], token });
    },
    readSession: (sessionId) => readOne<Session>(items, { namespace: SESSIONS, record: sessionId, key: ONLY_KEY }),
    readBookmark: (viewerId, titleId) => readOne<Bookmark>(items, { namespace: BOOKMARKS, record: viewerId, key: bytes(titleId) }),
    async putBookmark(viewerId, bookmark, token) {
      const watcher = { key: bytes(viewerId), value: ONLY_KEY };
      await items.put({ namespace: WATCHERS, record: bookmark.titleId, items: [watcher], token });
      const item = { key: bytes(bookmark.titleId), value: json(bookmark) };
      await items.put({ namespace: BOOKMARKS, record: viewerId, items: [item], token });
    },
    async listBookmarks(viewerId) {
      const bookmarks: Bookmark[] = [];
      for await (const { value } of itemsOf(items, BOOKMARKS, viewerId)) bookmarks.push(parse(value) as Bookmark);
      return bookmarks;
    },
    async deleteBookmarksOf(titleId) {
      const select = { kind: 'keys', keys: [bytes(titleId)] } as const;
      for await (const { key } of itemsOf(items, WATCHERS, titleId))
        await items.delete({ namespace: BOOKMARKS, record: utf8(key), select, token: newToken() });
      await items.delete({ namespace: WATCHERS, record: titleId, select: { kind: 'all' }, token: newToken() });
    },
    async markRemoved(titleId) {
      const item = { key: ONLY_KEY, value: ONLY_KEY, ttlMs: SESSION_IDLE_MS_MAX + SESSION_REMEMBERED_MS };
      await items.put({ namespace: REMOVED, record: titleId, items: [item], token: newToken() });
    },
    async isRemoved(titleId) {
      const page = await items.get({ namespace: REMOVED, record: titleId });
      return page.items.length > 0;
    },
  };
}

const ONLY_KEY = bytes('');

async function readOne<T>(items: Items, at: { namespace: string; record: string; key: Uint8Array }): Promise<T | null> {
  const { namespace, record, key } = at;
  const page = await items.get({ namespace, record, select: { kind: 'keys', keys: [key] } });
  const value = page.items[0]?.value;
  return value === undefined ? null : (parse(value) as T);
}

/** Ends with the record's last page. */
async function* itemsOf(items: Items, namespace: string, record: string): AsyncGenerator<{ key: Uint8Array; value: Uint8Array }> {
  let cursor: string | null = null;
  do {
    const page = await items.get({ namespace, record, page: cursor === null ? {} : { cursor } });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== null);
}

function json(value: unknown): Uint8Array {
  return bytes(JSON.stringify(value));
}

/** What lies in these namespaces was written by this file, so that callers may say what it is. */
function parse(value: Uint8Array): unknown {
  return JSON.parse(utf8(value));
}
