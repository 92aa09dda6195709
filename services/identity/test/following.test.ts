import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { openKv } from '@bioscope/kv/sqlite';

import { parseProfileEvent, PROFILES_TOPIC } from '../contract/index.ts';
import type { AccountEvent } from '../src/domain/account.ts';
import { accountStore } from '../src/store/accounts.ts';
import { startIdentity, stateFolder, until } from './running-identity.ts';

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
const KID = { name: 'Kim', picture: 'whale', language: 'de', maturityMax: 6, isKids: true } as const;
const HISTORY: readonly AccountEvent[] = [
  {
    type: 'account.created',
    atMs: 1,
    email: 'ada@example.org',
    passwordHash: 'h',
    country: 'DE',
    countryFrom: 'claimed',
    language: 'de',
    isOperator: false,
    owner: OWNER,
  },
  { type: 'profile.created', profile: { id: 'p2', ...KID, isOwner: false, pinHash: null } },
  { type: 'profile.changed', profileId: 'p2', description: { ...KID, name: 'Kimmy' } },
  { type: 'profile.removed', profileId: 'p2' },
  { type: 'email.claiming', email: 'lady@example.org' },
  { type: 'email.changed', atMs: 5, email: 'lady@example.org' },
];

describe('what follows from an account', () => {
  it('is made up for after a start, as it was at the time, and once over several starts', async () => {
    await using folder = await stateFolder();
    const kv = await openKv({ folder: join(folder.path, 'kv') });
    await accountStore(kv).append({ accountId: 'a1', expectedVersion: 0, events: HISTORY, commandId: 'c' });
    await kv.close();

    const told: string[] = [];
    const find = async (identity: Awaited<ReturnType<typeof startIdentity>>, email: string) => {
      const within = identity.within({ accountId: 'op', isOperator: true });
      return (await identity.as('gateway').findAccounts({ email }, { within })).accounts.length;
    };
    for (const start of [1, 2]) {
      await using identity = await startIdentity(folder.path);
      const subscription = identity.log.subscribe({ topic: PROFILES_TOPIC, group: 'home', from: 'earliest' }, async (records) => {
        told.push(...records.map(({ type, value }) => `${type} ${parseProfileEvent(value).name}`));
      });
      await until(`start ${start}: all is told`, () => told.length >= 4);
      await until(`start ${start}: the new address is found`, async () => (await find(identity, 'lady')) === 1);
      assert.equal(await find(identity, 'ada'), 0);
      await subscription.close();
    }
    assert.deepEqual(told, ['profile.created Ada', 'profile.created Kim', 'profile.changed Kimmy', 'profile.removed Kimmy']);
  });

  it('holds of an operator whose making was broken off: nobody is invited unasked any more', async () => {
    await using folder = await stateFolder();
    const kv = await openKv({ folder: join(folder.path, 'kv') });
    const [created] = HISTORY;
    assert.ok(created?.type === 'account.created');
    await accountStore(kv).append({ accountId: 'a1', expectedVersion: 0, events: [{ ...created, isOperator: true }], commandId: 'c' });
    await kv.close();
    await using identity = await startIdentity(folder.path);
    await until('it is known', async () => (await identity.as('cli').createOperatorInvite({ onlyFirst: true })).link === '');
    assert.notEqual((await identity.as('cli').createOperatorInvite({})).link, '');
  });
});
