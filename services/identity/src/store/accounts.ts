import { bytes, utf8, type EventData, type KvStore, type StreamEvent } from '@bioscope/kv';

import { foldAccount, type AccountEvent, type AccountRecord } from '../domain/account.ts';

/** The accounts' event streams. They hold hashes and never leave this service. */
export const ACCOUNTS_NAMESPACE = 'identity_accounts';

/** A thousand sign-ins by passkey a year for a lifetime; a stream beyond this is a loop somewhere. */
const EVENTS_PER_ACCOUNT_MAX = 100_000;

export type AccountStore = {
  /** The account as its stream says now; null when there is none. */
  read(accountId: string): Promise<AccountRecord | null>;
  /** The account as it was after its first `events` events: what is told of an event is what was then. */
  readAt(accountId: string, events: number): Promise<AccountRecord | null>;
  append(request: {
    accountId: string;
    expectedVersion: number;
    events: readonly AccountEvent[];
    commandId: string;
  }): Promise<'appended' | 'repeated' | 'conflict'>;
};

export function accountStore({ streams }: Pick<KvStore, 'streams'>): AccountStore {
  async function readAt(accountId: string, until: number): Promise<AccountRecord | null> {
    let record: AccountRecord | null = null;
    for (let after = 0, version = 1; after < Math.min(version, until);) {
      const page = await streams.read({ namespace: ACCOUNTS_NAMESPACE, stream: accountId, after });
      if (page.version > EVENTS_PER_ACCOUNT_MAX)
        throw new RangeError(`account ${accountId} has ${page.version} events; at most ${EVENTS_PER_ACCOUNT_MAX} are read`);
      for (const event of page.events) if (event.sequence <= until) record = foldAccount(accountId, record, decodeAccountEvent(event));
      ({ version } = page);
      after = page.events.at(-1)?.sequence ?? version;
    }
    return record;
  }

  return {
    read: (accountId) => readAt(accountId, Number.MAX_SAFE_INTEGER),
    readAt,
    async append({ accountId, expectedVersion, events, commandId }) {
      const encoded = events.map(encode);
      const appended = await streams.append({
        namespace: ACCOUNTS_NAMESPACE,
        stream: accountId,
        expectedVersion,
        events: encoded,
        commandId,
      });
      if (appended.kind === 'conflict') return 'conflict';
      return appended.repeated ? 'repeated' : 'appended';
    },
  };
}

/** Throws when the type is not known: a newer program wrote it, and guessing would show a wrong account. */
export function decodeAccountEvent(event: Pick<StreamEvent, 'stream' | 'sequence' | 'type' | 'data'>): AccountEvent {
  if (!Object.hasOwn(KNOWN, event.type))
    throw new TypeError(`event ${event.sequence} of account ${event.stream} has the unknown type ${event.type}`);
  // What lies in the store was encoded by the function below.
  return { ...(JSON.parse(utf8(event.data)) as object), type: event.type } as AccountEvent;
}

function encode({ type, ...data }: AccountEvent): EventData {
  return { type, data: bytes(JSON.stringify(data)) };
}

const KNOWN: Readonly<Record<AccountEvent['type'], true>> = {
  'account.created': true,
  'password.set': true,
  'epoch.raised': true,
  'email.claiming': true,
  'email.unclaimed': true,
  'email.changed': true,
  'account_pin.set': true,
  'profile.created': true,
  'profile.changed': true,
  'profile.removed': true,
  'profile_pin.set': true,
  'passkey.added': true,
  'passkey.used': true,
  'passkey.removed': true,
};
