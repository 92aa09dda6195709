import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';

import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';

import { claimForExisting, claimForNew } from '../src/claim-email.ts';
import type { AccountEvent } from '../src/domain/account.ts';
import { accountStore } from '../src/store/accounts.ts';
import { emailClaims } from '../src/store/email-claims.ts';
import { stateFolder } from './running-identity.ts';

const EMAIL = 'ada@example.org';
const created = (email: string): AccountEvent => ({
  type: 'account.created',
  atMs: 1,
  email,
  passwordHash: 'h',
  country: 'DE',
  countryFrom: 'claimed',
  language: 'de',
  isOperator: false,
  owner: { id: 'p1', name: 'Ada', picture: 'fox', language: 'de', maturityMax: 18, isKids: false, isOwner: true, pinHash: null },
});

async function withStore(use: (parts: ReturnType<typeof partsOn>) => Promise<void>): Promise<void> {
  await using folder = await stateFolder();
  const kv = await openKv({ folder: folder.path });
  try {
    await use(partsOn(kv));
  } finally {
    await kv.close();
  }
}

function partsOn(kv: KvStore) {
  const accounts = accountStore(kv);
  return {
    accounts,
    emails: emailClaims(kv, randomUUID),
    append: (accountId: string, expectedVersion: number, ...events: AccountEvent[]) =>
      accounts.append({ accountId, expectedVersion, events, commandId: randomUUID() }),
  };
}

describe('a claim of an address', () => {
  it('is shared by those who sign up at once: one of them makes the account', () =>
    withStore(async (parts) => {
      const claims = await Promise.all(Array.from({ length: 6 }, (_, i) => claimForNew(parts, EMAIL, `a${i}`)));
      assert.deepEqual(
        claims.map(({ kind }) => kind),
        Array.from({ length: 6 }, () => 'claimed'),
      );
      const ids = claims.map((claim) => (claim.kind === 'claimed' ? claim.accountId : ''));
      assert.equal(new Set(ids).size, 1);
      const made = await Promise.all(ids.map((id) => parts.append(id, 0, created(EMAIL))));
      assert.deepEqual(made.filter((kind) => kind === 'appended').length, 1);
      assert.equal((await claimForNew(parts, EMAIL, 'late')).kind, 'taken');
    }));

  it('that its account gave up is taken over, by one of those who try at once', () =>
    withStore(async (parts) => {
      for (let round = 0; round < 20; round += 1) {
        const [email, holder] = [`round${round}@example.org`, `holder${round}`];
        await claimForNew(parts, email, holder);
        await parts.append(holder, 0, created(email), { type: 'email.changed', atMs: 2, email: `other${round}@example.org` });
        const claims = await Promise.all(Array.from({ length: 4 }, (_, i) => claimForNew(parts, email, `a${round}-${i}`)));
        const ids = new Set(claims.map((claim) => (claim.kind === 'claimed' ? claim.accountId : 'none')));
        assert.equal(ids.size, 1);
        assert.ok(!ids.has(holder) && !ids.has('none'));
      }
    }));

  it('is lost by who takes it back when somebody else was faster, and the other way round', () =>
    withStore(async (parts) => {
      let had = 0;
      for (let round = 0; round < 30; round += 1) {
        const [email, holder] = [`round${round}@example.org`, `holder${round}`];
        await claimForNew(parts, email, holder);
        await parts.append(holder, 0, created(email), { type: 'email.changed', atMs: 2, email: `other${round}@example.org` });
        const takeBack = async () => {
          await parts.append(holder, 2, { type: 'email.claiming', email });
          return await claimForExisting(parts, email, holder);
        };
        const [back, fresh] = await Promise.all([takeBack(), claimForNew(parts, email, `new${round}`)]);
        // Both may see that it is taken, by each other; both having it is what must not be.
        const isBack = back.kind === 'claimed';
        const isFresh = fresh.kind === 'claimed' && fresh.accountId === `new${round}`;
        assert.ok(!(isBack && isFresh), `round ${round}: both have the address`);
        had += isBack || isFresh ? 1 : 0;
      }
      assert.ok(had > 0, 'nobody ever got it: nothing was tried');
    }));
});
