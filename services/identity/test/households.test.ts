import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseProfileEvent, PROFILES_TOPIC, type Account, type ChangeResponse } from '../contract/index.ts';
import { ADA, DEVICE, mailedLink, memberOf, PASSWORD, signIn, signUp } from './members.ts';
import { startIdentity, stateFolder, until } from './running-identity.ts';

const KID = { name: 'Kim', picture: 'whale', language: 'de', maturityMax: 6, isKids: true };
const OTHER = 'another good password';

function done({ outcome }: ChangeResponse): Account {
  assert.equal(outcome.case, 'account', JSON.stringify(outcome.value));
  return outcome.case === 'account' ? outcome.value : assert.fail();
}

function because({ outcome }: ChangeResponse): string {
  return outcome.case === 'refused' ? outcome.value.because : 'done';
}

describe('a household', () => {
  it('makes a kids profile, guards the way out of it with the account PIN, and manages with the PIN only', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const gateway = identity.as('gateway');
    const parent = { within: identity.within(passport) };
    const account = done(await gateway.createProfile({ profile: KID }, parent));
    const [owner, kid] = account.profiles;
    assert.ok(owner && kid);
    assert.equal(
      because(await gateway.setAccountPin({ password: OTHER, pin: '4711' }, { within: identity.within(passport) })),
      'wrong_password',
    );
    done(await gateway.setAccountPin({ password: PASSWORD, pin: '4711' }, { within: identity.within(passport) }));

    const inKids = memberOf(identity, await browser.post('profile/choose', { profileId: kid.id }));
    assert.partialDeepStrictEqual(inKids.passport, { profileId: kid.id, isKids: true, assurance: 'session' });
    assert.partialDeepStrictEqual(memberOf(identity, await browser.post('refresh')).passport, { profileId: kid.id, isKids: true });
    assert.equal(
      because(await gateway.createProfile({ profile: { ...KID, name: 'x' } }, { within: identity.within(inKids.passport) })),
      'account_pin_needed',
    );
    assert.equal((await browser.post('profile/choose', { profileId: owner.id })).body['refused'], 'account_pin_needed');
    assert.equal((await browser.post('profile/choose', { profileId: owner.id, pin: '0000' })).body['refused'], 'pin_wrong');
    const out = memberOf(identity, await browser.post('profile/choose', { profileId: owner.id, pin: '4711' }));
    assert.partialDeepStrictEqual(out.passport, { profileId: owner.id, isKids: false });

    const strong = memberOf(identity, await browser.post('pin', { pin: '4711' }));
    assert.equal(strong.passport.assurance, 'account_pin');
    done(
      await gateway.changeProfile(
        { profileId: kid.id, profile: { ...KID, maturityMax: 12 } },
        { within: identity.within(strong.passport) },
      ),
    );
    const { profile } = await identity.as('access').getProfile({ accountId: passport.accountId, profileId: kid.id });
    assert.partialDeepStrictEqual(profile, { maturityMax: 12, isKids: true, hasPin: false });
    assert.notEqual(memberOf(identity, await browser.post('refresh')).passport.assurance, 'account_pin', 'the proof is not kept');
  });

  it('asks who is in a profile for the PIN that it was given meanwhile, and the proof lasts', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const gateway = identity.as('gateway');
    const [owner] = (await identity.as('access').getAccount({ accountId: passport.accountId })).account?.profiles ?? [];
    assert.ok(owner);
    memberOf(identity, await browser.post('profile/choose', { profileId: owner.id }));
    done(await gateway.setProfilePin({ profileId: owner.id, pin: '1234' }, { within: identity.within(passport) }));

    assert.equal(memberOf(identity, await browser.post('refresh')).passport.assurance, 'session');
    assert.equal((await browser.post('profile/choose', { profileId: owner.id })).body['refused'], 'pin_needed');
    const proved = memberOf(identity, await browser.post('profile/choose', { profileId: owner.id, pin: '1234' }));
    assert.partialDeepStrictEqual(proved.passport, { profileId: owner.id, assurance: 'profile_pin' });
    assert.equal(memberOf(identity, await browser.post('refresh')).passport.assurance, 'profile_pin');
    const again = memberOf(identity, await browser.post('profile/choose', { profileId: owner.id }));
    assert.equal(again.passport.assurance, 'profile_pin', 'no PIN is asked for twice');
  });

  it('keeps others out of a profile with a PIN, and stops who guesses, also at once', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const gateway = identity.as('gateway');
    const [owner] = (await identity.as('access').getAccount({ accountId: passport.accountId })).account?.profiles ?? [];
    assert.ok(owner);
    done(await gateway.setProfilePin({ profileId: owner.id, pin: '1234' }, { within: identity.within(passport) }));
    assert.equal((await browser.post('profile/choose', { profileId: owner.id })).body['refused'], 'pin_needed');
    const good = memberOf(identity, await browser.post('profile/choose', { profileId: owner.id, pin: '1234' }));
    assert.equal(good.passport.assurance, 'profile_pin');

    const { browser: other } = await signIn(identity);
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, i) => other.post('profile/choose', { profileId: owner.id, pin: `000${i}` })),
    );
    assert.equal(guesses.filter(({ body }) => body['refused'] === 'pin_wrong').length, 5);
    const right = await other.post('profile/choose', { profileId: owner.id, pin: '1234' });
    assert.deepEqual([right.status, right.body['refused']], [429, 'too_many_tries']);
  });

  it('never has a sixth profile, however many are made at once, and does a repeated command once', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport } = await signUp(identity);
    const gateway = identity.as('gateway');
    const create = (name: string, commandId = '') =>
      gateway.createProfile({ commandId, profile: { ...KID, name } }, { within: identity.within(passport) });
    await Promise.all([create('same', 'command-1'), create('same', 'command-1')]);
    const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => create(name)));
    assert.deepEqual(answers.map(because).sort(), ['done', 'done', 'done', 'profile_limit', 'profile_limit']);
    const { account } = await identity.as('access').getAccount({ accountId: passport.accountId });
    assert.equal(account?.profiles.length, 5);
    assert.equal(account?.profiles.filter(({ name }) => name === 'same').length, 1);
  });

  it('tells the others of its profiles as they were at the time, without PINs', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport } = await signUp(identity);
    const gateway = identity.as('gateway');
    const told: unknown[] = [];
    const subscription = identity.log.subscribe({ topic: PROFILES_TOPIC, group: 'home', from: 'earliest' }, async (records) => {
      for (const { type, value, key } of records) {
        const { name, accountId } = parseProfileEvent(value);
        assert.equal(key, accountId);
        assert.doesNotMatch(Buffer.from(value).toString(), /argon2|pin/i);
        told.push([type, name]);
      }
    });
    const kid = done(await gateway.createProfile({ profile: KID }, { within: identity.within(passport) })).profiles[1];
    assert.ok(kid);
    done(await gateway.setProfilePin({ profileId: kid.id, pin: '1234' }, { within: identity.within(passport) }));
    done(await gateway.changeProfile({ profileId: kid.id, profile: { ...KID, name: 'Kimmy' } }, { within: identity.within(passport) }));
    done(await gateway.removeProfile({ profileId: kid.id }, { within: identity.within(passport) }));
    await until('all is told', () => told.length >= 4);
    await subscription.close();
    assert.deepEqual(told, [
      ['profile.created', 'Ada'],
      ['profile.created', 'Kim'],
      ['profile.changed', 'Kimmy'],
      ['profile.removed', 'Kimmy'],
    ]);
  });
});

describe('an account', () => {
  it('changes its password: the asking session stays, all others end', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const { browser: other } = await signIn(identity);
    const gateway = identity.as('gateway');
    const change = (password: string, newPassword: string) =>
      gateway.changePassword({ password, newPassword }, { within: identity.within(passport) });
    assert.equal(because(await change(OTHER, OTHER)), 'wrong_password');
    assert.equal(because(await change(PASSWORD, 'short')), 'weak_password');
    assert.equal(done(await change(PASSWORD, OTHER)).epoch, 2);
    assert.equal(memberOf(identity, await browser.post('refresh')).passport.epoch, 2);
    assert.equal((await other.post('refresh')).status, 401);
    assert.equal((await signIn(identity)).answer.status, 403);
    assert.equal((await signIn(identity, { password: OTHER })).answer.status, 200);
  });

  it('changes its address by a link to the new one; the old one is told, and free', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport } = await signUp(identity);
    const gateway = identity.as('gateway');
    done(await gateway.changeEmail({ password: PASSWORD, newEmail: 'Lady@Example.org' }, { within: identity.within(passport) }));
    assert.equal((await signIn(identity)).answer.status, 200, 'nothing has changed yet');
    const link = mailedLink(identity, 'lady@example.org');
    const answers = await Promise.all(Array.from({ length: 3 }, () => identity.browser().post('verify', { link, device: DEVICE })));
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [200, 403, 403],
    );
    assert.partialDeepStrictEqual(identity.mails.at(-1), { to: 'ada@example.org', template: 'email_changed' });
    assert.equal((await signIn(identity)).answer.status, 403);
    assert.equal(memberOf(identity, (await signIn(identity, { email: 'lady@example.org' })).answer).passport.accountId, passport.accountId);
    const next = await signUp(identity, { name: 'Next' });
    assert.notEqual(next.passport.accountId, passport.accountId);
  });

  it('cannot get an address that another has or gets at the same moment, and does not learn of it', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const ada = await signUp(identity);
    const bob = await signUp(identity, { email: 'bob@example.org' });
    const gateway = identity.as('gateway');
    const ask = (member: typeof ada, newEmail: string) =>
      gateway.changeEmail({ password: PASSWORD, newEmail }, { within: identity.within(member.passport) });
    done(await ask(ada, 'bob@example.org'));
    assert.equal(identity.mails.at(-1)?.template, 'already_member');

    done(await ask(ada, 'new@example.org'));
    const first = mailedLink(identity, 'new@example.org');
    done(await ask(bob, 'new@example.org'));
    const second = mailedLink(identity, 'new@example.org');
    const third = identity.browser();
    await third.post('sign-up', { ...ADA, email: 'new@example.org' });
    const answers = await Promise.all([
      identity.browser().post('verify', { link: first, device: DEVICE }),
      identity.browser().post('verify', { link: second, device: DEVICE }),
      third.post('verify', { link: mailedLink(identity, 'new@example.org'), device: DEVICE }),
    ]);
    assert.equal(answers.filter(({ status }) => status === 200).length, 1, JSON.stringify(answers.map(({ body }) => body)));
    const holder = memberOf(identity, (await signIn(identity, { email: 'new@example.org' })).answer).passport.accountId;
    const emails = await Promise.all(
      [ada, bob].map(async ({ passport: { accountId } }) => (await identity.as('access').getAccount({ accountId })).account?.email),
    );
    assert.equal(
      emails.filter((email) => email === 'new@example.org').length,
      [ada, bob].some(({ passport }) => passport.accountId === holder) ? 1 : 0,
    );
  });

  it('is found by operators by its whole address and by the beginning, page by page', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const emails = ['anna@example.org', 'anton@example.org', 'berta@example.org'];
    for (const email of emails) await signUp(identity, { email });
    const operator = () => ({ within: identity.within({ accountId: 'op', isOperator: true }) });
    const find = (email: string, page: { accountsMax?: number; cursor?: string } = {}) =>
      identity.as('gateway').findAccounts({ email, ...page }, operator());
    await until('the index has followed', async () => (await find('be')).accounts.length === 1);
    assert.deepEqual(
      (await find('AN')).accounts.map(({ email }) => email),
      emails.slice(0, 2),
    );
    assert.deepEqual(
      (await find('anton@example.org')).accounts.map(({ email }) => email),
      ['anton@example.org'],
    );
    const first = await find('an', { accountsMax: 1 });
    const second = await find('an', { accountsMax: 1, cursor: first.cursor });
    assert.deepEqual(
      [first, second].flatMap(({ accounts }) => accounts.map(({ email }) => email)),
      emails.slice(0, 2),
    );
    assert.deepEqual((await find('zz')).accounts, []);
    await assert.rejects(find('a'), { code: 'invalid_argument' });
  });
});
