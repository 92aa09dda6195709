import { bytes, newToken, utf8, type Items, type KvStore } from '@bioscope/kv';

import type { Thumb } from './domain/compose-home.ts';
import type { Watched } from './domain/history.ts';
import type { ProfileFacts } from './domain/profile-facts.ts';

/** One record per profile: what is known of it, what it watched, its thumbs. */
const PROFILES = 'home_profiles';

/** All that lies here of a profile. */
export type KeptProfile = {
  /** Null: not known yet. */
  readonly facts: ProfileFacts | null;
  /** The profile was removed; what comes of it late is dropped. */
  readonly isRemoved: boolean;
  readonly watched: readonly Watched[];
  readonly thumbs: ReadonlyMap<string, Thumb>;
};

export type KeptWatched = Watched & { /** The last day on which it counted for the title's popularity. */ readonly countedDay: number };

export type HomeStore = {
  readProfile(profileId: string): Promise<KeptProfile>;
  /** Null when nothing was watched; 'removed' when the profile is gone. */
  readWatched(profileId: string, titleId: string): Promise<KeptWatched | null | 'removed'>;
  /** An older report never replaces a newer one. */
  putWatched(profileId: string, watched: KeptWatched): Promise<void>;
  putFacts(profileId: string, facts: ProfileFacts): Promise<void>;
  putThumb(profileId: string, titleId: string, thumb: Thumb | null): Promise<void>;
  /** Everything but the memory that it is gone. */
  forgetProfile(profileId: string): Promise<void>;
};

/** Sessions of a removed profile end within ten minutes; events that stand in the log for a week may still come. */
const REMOVED_REMEMBERED_MS = 14 * 24 * 60 * 60_000;

export function homeStore({ items }: Pick<KvStore, 'items'>): HomeStore {
  const put = (profileId: string, key: string, value: unknown, how: { ttlMs?: number; token?: ReturnType<typeof newToken> } = {}) => {
    const { token = newToken(), ...ttl } = how;
    return items.put({ namespace: PROFILES, record: profileId, items: [{ key: bytes(key), value: json(value), ...ttl }], token });
  };
  return {
    async readProfile(profileId) {
      const kept: { facts: ProfileFacts | null; isRemoved: boolean; watched: Watched[]; thumbs: Map<string, Thumb> } = {
        facts: null,
        isRemoved: false,
        watched: [],
        thumbs: new Map(),
      };
      for await (const { key, value } of itemsOf(items, profileId)) take(kept, utf8(key), value);
      return kept;
    },
    async readWatched(profileId, titleId) {
      const keys = [bytes(REMOVED), bytes(WATCHED + titleId)];
      const page = await items.get({ namespace: PROFILES, record: profileId, select: { kind: 'keys', keys } });
      if (page.items.some(({ key }) => utf8(key) === REMOVED)) return 'removed';
      const found = page.items[0]?.value;
      return found === undefined ? null : (parse(found) as KeptWatched);
    },
    putWatched: (profileId, watched) => put(profileId, WATCHED + watched.titleId, watched, { token: newToken(() => watched.atMs) }),
    putFacts: (profileId, facts) => put(profileId, FACTS, facts),
    async putThumb(profileId, titleId, thumb) {
      if (thumb !== null) return put(profileId, THUMB + titleId, thumb);
      const select = { kind: 'keys', keys: [bytes(THUMB + titleId)] } as const;
      await items.delete({ namespace: PROFILES, record: profileId, select, token: newToken() });
    },
    async forgetProfile(profileId) {
      await put(profileId, REMOVED, true, { ttlMs: REMOVED_REMEMBERED_MS });
      for (const [from, to] of [
        [FACTS, FACTS_END],
        [THUMB, THUMB_END],
        [WATCHED, WATCHED_END],
      ] as const)
        await items.delete({
          namespace: PROFILES,
          record: profileId,
          select: { kind: 'range', from: bytes(from), to: bytes(to) },
          token: newToken(),
        });
    },
  };
}

const FACTS = 'facts';
const FACTS_END = 'facts~';
const REMOVED = 'removed';
const THUMB = 'thumb/';
const THUMB_END = 'thumb/~';
const WATCHED = 'watched/';
const WATCHED_END = 'watched/~';

/** What lies under these keys was written by this file. */
function take(
  kept: { facts: ProfileFacts | null; isRemoved: boolean; watched: Watched[]; thumbs: Map<string, Thumb> },
  key: string,
  value: Uint8Array,
): void {
  if (key === FACTS) kept.facts = parse(value) as ProfileFacts;
  else if (key === REMOVED) kept.isRemoved = true;
  else if (key.startsWith(THUMB)) kept.thumbs.set(key.slice(THUMB.length), parse(value) as Thumb);
  else if (key.startsWith(WATCHED)) kept.watched.push(parse(value) as Watched);
}

/** Ends with the record's last page: at most two entries for each title there ever was. */
async function* itemsOf(items: Items, record: string): AsyncGenerator<{ key: Uint8Array; value: Uint8Array }> {
  let cursor: string | null = null;
  do {
    const page = await items.get({ namespace: PROFILES, record, page: cursor === null ? {} : { cursor } });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== null);
}

function json(value: unknown): Uint8Array {
  return bytes(JSON.stringify(value));
}

function parse(value: Uint8Array): unknown {
  return JSON.parse(utf8(value));
}
