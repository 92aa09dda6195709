import type { AccountEvent, AccountRecord, PasskeyRecord } from './account.ts';
import { events, NOTHING, onAccount, type Decision } from './decision.ts';
import { refused } from './refusal.ts';

/** More than a household has devices worth one. */
const PASSKEYS_MAX = 10;

/** A new password ends all sessions but those begun after it. `checkedHash`: the hash that the old password was checked against; another one since then means that it was changed meanwhile. */
export function decideChangePassword(account: AccountRecord | null, change: { checkedHash: string; hash: string; atMs: number }): Decision {
  return onAccount(account, (known) =>
    known.passwordHash === change.checkedHash ? events(...newPassword(known, change)) : refused('wrong_password', { field: 'password' }),
  );
}

/** By a link, which is good for the epoch it was made in: one that was followed, or any other change of the password, spends all that are out. */
export function decideResetPassword(account: AccountRecord | null, reset: { epoch: number; hash: string; atMs: number }): Decision {
  if (account === null || account.epoch !== reset.epoch) return refused('link_invalid');
  return events(...newPassword(account, reset));
}

export function decideRaiseEpoch(account: AccountRecord | null, atMs: number): Decision {
  return onAccount(account, (known) => events(raisedEpoch(known, atMs)));
}

export function decideSetAccountPin(account: AccountRecord | null, hash: string | null): Decision {
  return onAccount(account, (known) =>
    known.accountPinHash === null && hash === null ? NOTHING : events({ type: 'account_pin.set', hash }),
  );
}

export function decideAddPasskey(account: AccountRecord | null, passkey: PasskeyRecord): Decision {
  return onAccount(account, (known) => {
    if (known.passkeys.some(({ id }) => id === passkey.id)) return refused('passkey_refused');
    if (known.passkeys.length >= PASSKEYS_MAX) return refused('passkey_limit');
    return events({ type: 'passkey.added', passkey });
  });
}

export function decideUsePasskey(account: AccountRecord | null, use: { passkeyId: string; counter: number; atMs: number }): Decision {
  return onAccount(account, (known) => {
    const isKnown = known.passkeys.some(({ id }) => id === use.passkeyId);
    return isKnown ? events({ type: 'passkey.used', ...use }) : refused('passkey_refused');
  });
}

export function decideRemovePasskey(account: AccountRecord | null, passkeyId: string): Decision {
  return onAccount(account, (known) => {
    const isKnown = known.passkeys.some(({ id }) => id === passkeyId);
    return isKnown ? events({ type: 'passkey.removed', passkeyId }) : refused('passkey_unknown');
  });
}

function newPassword(account: AccountRecord, { hash, atMs }: { hash: string; atMs: number }): readonly AccountEvent[] {
  return [{ type: 'password.set', atMs, hash }, raisedEpoch(account, atMs)];
}

function raisedEpoch({ epoch }: AccountRecord, atMs: number): AccountEvent {
  return { type: 'epoch.raised', atMs, epoch: epoch + 1 };
}
