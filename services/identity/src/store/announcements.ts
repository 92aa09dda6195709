import { bytes, newToken, type KvStore } from '@bioscope/kv';

import { parseRevocation, type ProfileEvent, type ProfileEventType, type RevocationEvent } from '../../contract/index.ts';

/** What others may know, in streams of its own: relays publish from them. */
export const PROFILES_NAMESPACE = 'identity_profiles';
export const REVOCATIONS_NAMESPACE = 'identity_revocations';
const RECENT = 'identity_recent_revocations';
const RECENT_RECORD = 'all';
/** The longest life of an access token (an hour): older revocations revoke nothing any more. */
const RECENT_MS = 3_600_000;
const PAGE_MAX = 1_000;
const CONFLICTS_MAX = 50;

/** Each announced once by its command id, however often it is announced. */
export type Announcements = {
  profile(type: ProfileEventType, event: ProfileEvent, commandId: string): Promise<void>;
  /** Durable, on its way to the log, and in `recent` when it resolves. */
  revoke(revocation: RevocationEvent): Promise<void>;
  recent(request: { sinceMs: number; cursor?: string }): Promise<{ revocations: readonly RevocationEvent[]; cursor: string | null }>;
};

export function announcements({ streams, items }: Pick<KvStore, 'streams' | 'items'>): Announcements {
  async function append(namespace: string, event: { stream: string; type: string; value: unknown; commandId: string }): Promise<void> {
    const { stream, type, value, commandId } = event;
    for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts += 1) {
      const { version: expectedVersion } = await streams.read({ namespace, stream, eventsMax: 1 });
      const events = [{ type, data: bytes(JSON.stringify(value)) }];
      if ((await streams.append({ namespace, stream, expectedVersion, events, commandId })).kind === 'appended') return;
    }
    throw new Error(`${namespace} of ${stream} changed ${CONFLICTS_MAX} times while it was to be changed`);
  }

  return {
    profile: (type, event, commandId) => append(PROFILES_NAMESPACE, { stream: event.accountId, type, value: event, commandId }),
    async revoke(revocation) {
      const { accountId, type, atMs } = revocation;
      const subject = type === 'epoch.raised' ? `${accountId}/${revocation.epoch}` : revocation.sessionId;
      await append(REVOCATIONS_NAMESPACE, { stream: accountId, type, value: revocation, commandId: `${type} ${subject}` });
      const item = { key: bytes(`${timeKey(atMs)}/${subject}`), value: bytes(JSON.stringify(revocation)), ttlMs: RECENT_MS };
      await items.put({ namespace: RECENT, record: RECENT_RECORD, items: [item], token: newToken() });
    },
    async recent({ sinceMs, cursor }) {
      const select = { kind: 'range', from: bytes(timeKey(sinceMs)) } as const;
      const page = { itemsMax: PAGE_MAX, ...(cursor === undefined ? {} : { cursor }) };
      const found = await items.get({ namespace: RECENT, record: RECENT_RECORD, select, page });
      return { revocations: found.items.map(({ value }) => parseRevocation(value)), cursor: found.cursor };
    },
  };
}

/** Sorts by time; 15 digits of milliseconds last for 30 000 years. */
function timeKey(atMs: number): string {
  return String(Math.trunc(atMs)).padStart(15, '0');
}
