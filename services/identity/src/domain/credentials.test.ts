import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { foldAccount, type AccountEvent, type AccountRecord, type PasskeyRecord } from './account.ts';
import { decideAddPasskey, decideChangePassword, decideResetPassword, decideUsePasskey } from './credentials.ts';
import type { Decision } from './decision.ts';
import { decideChangeEmail, decideClaimEmail, decideUnclaimEmail, wantsEmail } from './email-change.ts';

const OWNER = {
  id: 'p1',
  name: 'Ada',
  picture: 'fox',
  language: 'de',
  maturityMax: 18,
  isKids: false,
  isOwner: true,
  pinHash: null,
} as const;
const CREATED: AccountEvent = {
  type: 'account.created',
  atMs: 1,
  email: 'ada@example.org',
  passwordHash: 'old',
  country: 'DE',
  countryFrom: 'claimed',
  language: 'de',
  isOperator: false,
  owner: OWNER,
};
const ACCOUNT = foldAccount('a1', null, CREATED);
const passkey = (id: string): PasskeyRecord => ({ id, publicKey: 'k', counter: 0, transports: [], name: '', addedAtMs: 1, usedAtMs: 0 });

function after(account: AccountRecord, decision: Decision): AccountRecord {
  assert.equal(decision.kind, 'events');
  return (decision.kind === 'events' ? decision.events : []).reduce((record, event) => foldAccount('a1', record, event), account);
}
const because = (decision: Decision): string => (decision.kind === 'refused' ? decision.because : decision.kind);

describe('a new password', () => {
  it('raises the epoch with it, so that no session of before outlives it', () => {
    assert.partialDeepStrictEqual(after(ACCOUNT, decideResetPassword(ACCOUNT, { epoch: 1, hash: 'new', atMs: 2 })), {
      passwordHash: 'new',
      epoch: 2,
    });
  });

  it('by a link is refused once there was another since the link was made', () => {
    const reset = after(ACCOUNT, decideResetPassword(ACCOUNT, { epoch: 1, hash: 'new', atMs: 2 }));
    assert.equal(because(decideResetPassword(reset, { epoch: 1, hash: 'newer', atMs: 3 })), 'link_invalid');
    assert.equal(because(decideResetPassword(null, { epoch: 0, hash: 'newer', atMs: 3 })), 'link_invalid');
  });

  it('is refused when the old one was changed while it was being checked', () => {
    const change = { checkedHash: 'old', hash: 'new', atMs: 2 };
    assert.equal(because(decideChangePassword({ ...ACCOUNT, passwordHash: 'other' }, change)), 'wrong_password');
    assert.equal(because(decideChangePassword(ACCOUNT, change)), 'events');
  });
});

describe('passkeys', () => {
  it('are at most ten, each once', () => {
    const full = { ...ACCOUNT, passkeys: Array.from({ length: 10 }, (_, i) => passkey(`k${i}`)) };
    assert.equal(because(decideAddPasskey(full, passkey('new'))), 'passkey_limit');
    assert.equal(because(decideAddPasskey({ ...ACCOUNT, passkeys: [passkey('k')] }, passkey('k'))), 'passkey_refused');
  });

  it('that were removed meanwhile do not sign in', () => {
    assert.equal(because(decideUsePasskey(ACCOUNT, { passkeyId: 'gone', counter: 1, atMs: 2 })), 'passkey_refused');
    const two = { ...ACCOUNT, passkeys: [passkey('k'), passkey('l')] };
    const used = after(two, decideUsePasskey(two, { passkeyId: 'k', counter: 7, atMs: 9 }));
    assert.deepEqual(
      used.passkeys.map(({ counter, usedAtMs }) => [counter, usedAtMs]),
      [
        [7, 9],
        [0, 0],
      ],
    );
  });
});

describe('a change of the address', () => {
  const change = { email: 'new@example.org', epoch: 1, atMs: 2 };

  it('holds on to both addresses until it is done, and to the new one then', () => {
    const claiming = after(ACCOUNT, decideClaimEmail(ACCOUNT, change));
    assert.ok(wantsEmail(claiming, 'ada@example.org') && wantsEmail(claiming, 'new@example.org'));
    const done = after(claiming, decideChangeEmail(claiming, change));
    assert.ok(!wantsEmail(done, 'ada@example.org') && wantsEmail(done, 'new@example.org'));
    const given = after(claiming, decideUnclaimEmail(claiming, 'new@example.org'));
    assert.ok(wantsEmail(given, 'ada@example.org') && !wantsEmail(given, 'new@example.org'));
  });

  it('is refused without the claim, and by a link of before the last change of the password', () => {
    assert.equal(because(decideChangeEmail(ACCOUNT, change)), 'link_invalid');
    assert.equal(because(decideClaimEmail({ ...ACCOUNT, epoch: 2 }, change)), 'link_invalid');
    const claiming = after(ACCOUNT, decideClaimEmail(ACCOUNT, change));
    assert.equal(because(decideChangeEmail({ ...claiming, epoch: 2 }, change)), 'link_invalid');
  });
});
