import { bytes, newToken, utf8, type KvStore } from '@bioscope/kv';

import { SESSION_LIFE_MS, type Session } from '../domain/session.ts';

const SESSIONS = 'identity_sessions';
const BY_ACCOUNT = 'identity_account_sessions';

/** More than a household signs in on; the oldest makes room. Bounds what a listing reads. */
export const SESSIONS_PER_ACCOUNT_MAX = 40;
/** Sign-ins at once may leave a few too many until the next one. */
const LISTED_MAX = SESSIONS_PER_ACCOUNT_MAX * 4;
const DAY_MS = 86_400_000;
const HINT_EVERY_MS = DAY_MS;
/** Tabs that refresh at once make a conflict each. */
const CONFLICTS_MAX = 20;

/** Sessions: a register each, which decides what becomes of its tokens, and their ids by account: hints, written before and removed after the register. */
export type SessionStore = {
  create(session: Session): Promise<void>;
  read(sessionId: string): Promise<Session | null>;
  /** Asks `decide` again whenever somebody was faster. Its null leaves the session as it is. */
  change<T>(sessionId: string, decide: (session: Session | null) => { readonly next: Session | null; readonly answer: T }): Promise<T>;
  /** All that are kept of the account, live or not. */
  ofAccount(accountId: string): Promise<readonly Session[]>;
  forget(session: Session): Promise<void>;
};

export function sessionStore({ items, registers }: Pick<KvStore, 'items' | 'registers'>, newId: () => string): SessionStore {
  async function read(sessionId: string): Promise<{ readonly session: Session; readonly version: number } | null> {
    const register = await registers.read({ namespace: SESSIONS, name: sessionId });
    return register === null ? null : { session: JSON.parse(utf8(register.value)) as Session, version: register.version };
  }
  const hint = (session: Session) =>
    items.put({
      namespace: BY_ACCOUNT,
      record: session.accountId,
      // Longer than the session by what a refresh may prolong it without a new hint, and a day: it goes by itself when nobody clears up.
      items: [{ key: bytes(session.id), value: bytes(''), ttlMs: SESSION_LIFE_MS + HINT_EVERY_MS + DAY_MS }],
      token: newToken(),
    });

  return {
    async create(session) {
      await hint(session);
      await registers.create({ namespace: SESSIONS, name: session.id, value: bytes(JSON.stringify(session)), commandId: newId() });
    },
    read: async (sessionId) => (await read(sessionId))?.session ?? null,
    async change(sessionId, decide) {
      for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts += 1) {
        const found = await read(sessionId);
        const { next, answer } = decide(found?.session ?? null);
        if (next === null || found === null) return answer;
        // Before the session is prolonged, or its hint could run out first; refreshes come every ten minutes, and one a day is enough.
        if (dayOf(next) > dayOf(found.session)) await hint(next);
        const value = bytes(JSON.stringify(next));
        const write = { namespace: SESSIONS, name: sessionId, expectedVersion: found.version, value, commandId: newId() };
        if ((await registers.compareAndSet(write)).kind === 'set') return answer;
      }
      throw new Error(`session ${sessionId} changed ${CONFLICTS_MAX} times while it was to be changed`);
    },
    async ofAccount(accountId) {
      const page = await items.get({ namespace: BY_ACCOUNT, record: accountId, page: { itemsMax: LISTED_MAX } });
      const found = await Promise.all(page.items.map(({ key }) => read(utf8(key))));
      return found.flatMap((each) => (each === null ? [] : [each.session]));
    },
    async forget({ id, accountId }) {
      const found = await read(id);
      if (found !== null) await registers.remove({ namespace: SESSIONS, name: id, expectedVersion: found.version, commandId: newId() });
      await items.delete({ namespace: BY_ACCOUNT, record: accountId, select: { kind: 'keys', keys: [bytes(id)] }, token: newToken() });
    },
  };
}

function dayOf({ expiresAtMs }: Session): number {
  return Math.floor(expiresAtMs / HINT_EVERY_MS);
}
