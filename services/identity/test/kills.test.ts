import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { parseProfileEvent, PROFILES_TOPIC } from '../contract/index.ts';
import { dyingKv, type DyingKv } from './dying-kv.ts';
import { ADA, DEVICE, mailedLink, memberOf, PASSWORD, signIn, signUp } from './members.ts';
import { startIdentity, stateFolder, until, type Answer, type RunningIdentity } from './running-identity.ts';

const OTHER = 'another good password';
/** No use case here writes as often: a loop that gets so far does not end by itself. */
const WRITES_MAX = 40;

/**
 * Runs `act` and lets the process die after its first write, then after its second, and so on until `act` gets through; after each death the service starts
 * again on what was left and must hold what `holds` says.
 */
async function dieAtEveryWrite<P>(steps: {
  prepare(identity: RunningIdentity): Promise<P>;
  act(identity: RunningIdentity, prepared: P): Promise<Answer>;
  holds(identity: RunningIdentity, prepared: P): Promise<void>;
}): Promise<void> {
  await using before = await stateFolder();
  let prepared: P;
  {
    await using identity = await startIdentity(before.path);
    prepared = await steps.prepare(identity);
  }
  let deaths = 0;
  for (let writes = 1, isThrough = false; !isThrough; writes += 1) {
    assert.ok(writes <= WRITES_MAX, 'it never got through');
    await using folder = await stateFolder();
    await cp(before.path, folder.path, { recursive: true });
    {
      let dying: DyingKv | undefined;
      await using identity = await startIdentity(folder.path, { wrap: (kv) => (dying = dyingKv(kv)).kv });
      dying?.dieAfter(writes);
      const answer = await steps.act(identity, prepared);
      isThrough = answer.status === 200;
      if (!isThrough) {
        deaths += 1;
        assert.equal(answer.body['refused'], 'unavailable', JSON.stringify(answer.body));
      }
    }
    await using identity = await startIdentity(folder.path);
    await steps.holds(identity, prepared);
  }
  assert.ok(deaths >= 1, `it died ${deaths} times only`);
}

describe('a process that dies at any write', () => {
  it('leaves a sign-up that is finished or can be, with one account, told of once', async () => {
    await dieAtEveryWrite({
      async prepare(identity) {
        const links: string[] = [];
        for (let i = 0; i < 2; i += 1) {
          await identity.browser().post('sign-up', ADA);
          links.push(mailedLink(identity, 'ada@example.org'));
        }
        return links;
      },
      act: (identity, [link]) => identity.browser().post('verify', { link, password: PASSWORD, device: DEVICE }),
      async holds(identity, [link, other]) {
        // The other link first: its account must be the one that the broken-off try claimed the address for.
        for (const each of [other, link]) {
          const again = await identity.browser().post('verify', { link: each, password: PASSWORD, device: DEVICE });
          assert.ok(again.status === 200 || again.body['refused'] === 'link_invalid', JSON.stringify(again.body));
        }
        const { passport } = memberOf(identity, (await signIn(identity)).answer);
        const told: string[] = [];
        const subscription = identity.log.subscribe({ topic: PROFILES_TOPIC, group: 'test', from: 'earliest' }, async (records) => {
          told.push(...records.map(({ value }) => parseProfileEvent(value).accountId));
        });
        await until('the profile is told of', () => told.length > 0);
        await subscription.close();
        assert.deepEqual(told, [passport.accountId]);
      },
    });
  });

  it('leaves the old password or the new one, and never a session of before the new one', async () => {
    await dieAtEveryWrite({
      async prepare(identity) {
        const { browser } = await signUp(identity);
        await identity.browser().post('reset-request', { email: ADA.email, language: 'de' });
        return { link: mailedLink(identity, 'ada@example.org'), token: browser.cookies.get('bioscope_session') ?? '' };
      },
      act: (identity, { link }) => identity.browser().post('reset', { link, password: OTHER, device: DEVICE }),
      async holds(identity, { link, token }) {
        const isNew = (await signIn(identity, { password: OTHER })).answer.status === 200;
        const isOld = (await signIn(identity)).answer.status === 200;
        assert.notEqual(isNew, isOld);
        const browser = identity.browser();
        browser.cookies.set('bioscope_session', token);
        assert.equal((await browser.post('refresh')).status, isNew ? 401 : 200);
        const again = await identity.browser().post('reset', { link, password: OTHER, device: DEVICE });
        assert.equal(again.status, isNew ? 403 : 200);
        await until(
          'the gateways can learn of it',
          async () => (await identity.as('gateway').listRevocations({ sinceMs: 0 })).revocations.length > 0,
        );
      },
    });
  });

  it('leaves an account with the old address or the new one, and the other one free in the end', async () => {
    await dieAtEveryWrite({
      async prepare(identity) {
        const { passport } = await signUp(identity);
        const within = identity.within(passport);
        await identity.as('gateway').changeEmail({ password: PASSWORD, newEmail: 'new@example.org' }, { within });
        return { link: mailedLink(identity, 'new@example.org'), accountId: passport.accountId };
      },
      act: (identity, { link }) => identity.browser().post('verify', { link, device: DEVICE }),
      async holds(identity, { link, accountId }) {
        const emailNow = async () => (await identity.as('access').getAccount({ accountId })).account?.email ?? '';
        assert.match(await emailNow(), /^(ada|new)@example\.org$/);
        assert.equal((await signIn(identity, { email: await emailNow() })).answer.status, 200);
        await identity.browser().post('verify', { link, device: DEVICE });
        assert.equal(await emailNow(), 'new@example.org');
        assert.equal((await signIn(identity, { email: 'new@example.org' })).answer.status, 200);
        assert.notEqual((await signUp(identity)).passport.accountId, accountId);
      },
    });
  });

  it('leaves a session that its token still refreshes', async () => {
    await dieAtEveryWrite({
      prepare: async (identity) => (await signUp(identity)).browser.cookies.get('bioscope_session') ?? '',
      act(identity, token) {
        const browser = identity.browser();
        browser.cookies.set('bioscope_session', token);
        return browser.post('refresh');
      },
      async holds(identity, token) {
        const browser = identity.browser();
        browser.cookies.set('bioscope_session', token);
        memberOf(identity, await browser.post('refresh'));
        memberOf(identity, await browser.post('refresh'));
      },
    });
  });
});
