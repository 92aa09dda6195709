import { bytes, follow, newToken, utf8, type KvStore, type StreamEvent } from '@bioscope/kv';
import type { Logger } from '@bioscope/telemetry';

import type { ProfileEvent } from '../contract/index.ts';
import type { AccountRecord, ProfileRecord } from './domain/account.ts';
import { profileOf } from './domain/profiles.ts';
import { ACCOUNTS_NAMESPACE, decodeAccountEvent, type AccountStore } from './store/accounts.ts';
import type { Announcements } from './store/announcements.ts';
import type { EmailIndex } from './store/email-index.ts';
import type { Operators } from './store/operators.ts';

const NAMESPACE = 'identity_following';
const RECORD = 'accounts';
const ONLY_KEY = bytes('');

export type FollowAccounts = {
  readonly kv: Pick<KvStore, 'streams' | 'items'>;
  readonly accounts: AccountStore;
  readonly announcements: Announcements;
  readonly emailIndex: EmailIndex;
  readonly operators: Operators;
  readonly log: Logger;
};

/**
 * Does what follows from an account's events, at least once: announces what others may know, keeps the index of addresses. Goes on where it stopped, so
 * that nothing is lost by a kill; several processes that follow do it twice, which is the same as once.
 */
export async function followAccounts(parts: FollowAccounts): Promise<{ close(): Promise<void>; readonly ended: Promise<void> }> {
  const { items, streams } = parts.kv;
  const kept = (await items.get({ namespace: NAMESPACE, record: RECORD, select: { kind: 'keys', keys: [ONLY_KEY] } })).items[0];
  const after = kept === undefined ? null : utf8(kept.value);
  return follow(
    streams,
    { namespace: ACCOUNTS_NAMESPACE, after },
    async (events) => {
      for (const event of events) await consequences(parts, event);
      const position = events.at(-1)?.position;
      if (position === undefined) return;
      const item = { key: ONLY_KEY, value: bytes(position) };
      await items.put({ namespace: NAMESPACE, record: RECORD, items: [item], token: newToken() });
    },
    { onTrouble: (err) => parts.log.warn({ err }, 'the accounts cannot be followed at the moment') },
  );
}

async function consequences(parts: FollowAccounts, stored: StreamEvent): Promise<void> {
  const { accounts, announcements, emailIndex } = parts;
  const accountId = stored.stream;
  const event = decodeAccountEvent(stored);
  const commandId = `account event ${stored.sequence}`;
  const announce = async (
    type: 'profile.created' | 'profile.changed' | 'profile.removed',
    profile: ProfileRecord | null,
  ): Promise<void> => {
    if (profile !== null) await announcements.profile(type, profileEvent(accountId, profile), commandId);
  };
  switch (event.type) {
    case 'account.created':
      if (event.isOperator) await parts.operators.note(accountId);
      await emailIndex.put(event.email, accountId);
      return await announce('profile.created', event.owner);
    case 'email.changed': {
      const before = await accounts.readAt(accountId, stored.sequence - 1);
      if (before !== null && before.email !== event.email) await emailIndex.delete(before.email, accountId);
      return await emailIndex.put(event.email, accountId);
    }
    case 'epoch.raised':
      return await announcements.revoke({ type: 'epoch.raised', accountId, epoch: event.epoch, atMs: event.atMs });
    case 'profile.created':
      return await announce('profile.created', event.profile);
    case 'profile.changed':
      return await announce('profile.changed', profileIn(await accounts.readAt(accountId, stored.sequence), event.profileId));
    case 'profile.removed':
      return await announce('profile.removed', profileIn(await accounts.readAt(accountId, stored.sequence - 1), event.profileId));
    case 'password.set':
    case 'email.claiming':
    case 'email.unclaimed':
    case 'account_pin.set':
    case 'profile_pin.set':
    case 'passkey.added':
    case 'passkey.used':
    case 'passkey.removed':
      return;
    default:
      return event satisfies never;
  }
}

function profileIn(account: AccountRecord | null, profileId: string): ProfileRecord | null {
  return account === null ? null : profileOf(account, profileId);
}

function profileEvent(accountId: string, profile: ProfileRecord): ProfileEvent {
  const { id, name, picture, language, maturityMax, isKids, isOwner } = profile;
  return { accountId, profileId: id, name, picture, language, maturityMax, isKids, isOwner };
}
