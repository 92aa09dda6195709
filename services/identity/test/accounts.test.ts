import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ADA, DEVICE, mailedLink, memberOf, PASSWORD, signIn, signUp } from './members.ts';
import { startIdentity, stateFolder } from './running-identity.ts';

const OTHER = 'another good password';

describe('signing up', () => {
  it('makes the account once the link in the mail was followed, and signs in', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport, answer, browser } = await signUp(identity);
    assert.partialDeepStrictEqual(passport, {
      country: 'DE',
      isOperator: false,
      isKids: false,
      profileId: '',
      assurance: 'credential',
      epoch: 1,
    });
    assert.partialDeepStrictEqual(answer.body['account'], {
      email: 'ada@example.org',
      language: 'de',
      profiles: [{ name: 'Ada', isOwner: true }],
    });
    assert.ok(browser.cookies.has('bioscope_session') && !browser.cookies.has('bioscope_sign_up'));
    const { account } = await identity.as('access').getAccount({ accountId: passport.accountId });
    assert.partialDeepStrictEqual(account, {
      email: 'ada@example.org',
      country: 'DE',
      countryFrom: 'claimed',
      profiles: [{ maturityMax: 18 }],
    });
    assert.doesNotMatch(JSON.stringify(answer.body), /argon2/);
  });

  it('answers alike for an address that has an account, mails its owner instead, and changes nothing', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await signUp(identity);
    const stranger = await identity.browser('192.0.2.9').post('sign-up', { ...ADA, password: OTHER });
    const fresh = await identity.browser('192.0.2.9').post('sign-up', { ...ADA, email: 'new@example.org' });
    assert.deepEqual([stranger.status, stranger.body], [fresh.status, fresh.body]);
    assert.deepEqual(Object.keys(stranger.headers).sort(), Object.keys(fresh.headers).sort());
    assert.equal(identity.mails.findLast(({ to }) => to === 'ada@example.org')?.template, 'already_member');
    assert.equal((await signIn(identity, { password: OTHER })).answer.status, 403);
    assert.equal((await signIn(identity)).answer.status, 200);
  });

  it('asks for the password where the link is opened in another browser, so that nobody finishes what a stranger began', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await identity.browser().post('sign-up', ADA);
    const link = mailedLink(identity, 'ada@example.org');
    const elsewhere = identity.browser('192.0.2.7');
    assert.equal((await elsewhere.post('verify', { link, device: DEVICE })).body['refused'], 'password_needed');
    assert.equal((await elsewhere.post('verify', { link, password: OTHER, device: DEVICE })).body['refused'], 'wrong_password');
    memberOf(identity, await elsewhere.post('verify', { link, password: PASSWORD, device: DEVICE }));
  });

  it('makes exactly one account of two sign-ups with one address that are finished at once', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const browsers = [identity.browser(), identity.browser(), identity.browser()];
    const links: string[] = [];
    for (const browser of browsers) {
      await browser.post('sign-up', ADA);
      links.push(mailedLink(identity, 'ada@example.org'));
    }
    const answers = await Promise.all(browsers.map((browser, i) => browser.post('verify', { link: links[i], device: DEVICE })));
    const winners = answers.filter(({ status }) => status === 200);
    assert.equal(winners.length, 1);
    assert.deepEqual(
      answers.filter(({ status }) => status !== 200).map(({ body }) => body['refused']),
      ['link_invalid', 'link_invalid'],
    );
    const signedIn = memberOf(identity, (await signIn(identity)).answer);
    assert.equal(signedIn.passport.accountId, memberOf(identity, winners[0] ?? assert.fail()).passport.accountId);
  });

  it('spends a link once, also under concurrency', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await identity.browser().post('sign-up', ADA);
    const body = { link: mailedLink(identity, 'ada@example.org'), password: PASSWORD, device: DEVICE };
    const answers = await Promise.all(Array.from({ length: 6 }, () => identity.browser().post('verify', body)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal((await identity.browser().post('verify', body)).body['refused'], 'link_invalid');
  });

  it('names the field that is wrong', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const fieldOf = async (change: object) => (await identity.browser().post('sign-up', { ...ADA, ...change })).body['field'];
    assert.equal(await fieldOf({ email: 'no address' }), 'email');
    assert.equal(await fieldOf({ password: 'short' }), 'password');
    assert.equal(await fieldOf({ password: 'ada@example.org' }), 'password');
    assert.equal(await fieldOf({ name: '\u0000' }), 'name');
    assert.equal(await fieldOf({ language: 'no language' }), 'language');
    assert.equal(await fieldOf({ country: 'XX' }), 'country');
    assert.equal(identity.mails.length, 0);
  });

  it('says so when mail is down, and goes on when it is back', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    identity.mail.isDown = true;
    const answer = await identity.browser().post('sign-up', ADA);
    assert.deepEqual([answer.status, answer.body['refused']], [503, 'unavailable']);
    identity.mail.isDown = false;
    await signUp(identity);
  });

  it('lets a mailbox be written to five times an hour', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    for (let i = 0; i < 5; i += 1) assert.equal((await identity.browser(`192.0.2.${i}`).post('sign-up', ADA)).status, 200);
    const answer = await identity.browser('192.0.2.99').post('sign-up', ADA);
    assert.deepEqual([answer.status, answer.body['refused']], [429, 'too_many_tries']);
    assert.ok(Number(answer.headers['retry-after']) > 3_000);
  });
});

describe('signing in', () => {
  it('answers alike for a wrong password and for an address without an account', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await signUp(identity);
    const wrong = (await signIn(identity, { password: OTHER })).answer;
    const nobody = (await signIn(identity, { email: 'nobody@example.org' })).answer;
    assert.deepEqual([wrong.status, wrong.body], [nobody.status, nobody.body]);
    assert.equal(wrong.body['refused'], 'wrong_credentials');
  });

  it('takes the address in any case, and the password however it was typed', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await signUp(identity, { password: 'sch\u00f6nes Passwort' });
    memberOf(identity, (await signIn(identity, { email: ' ADA@example.ORG ', password: 'scho\u0308nes Passwort' })).answer);
  });

  it('stops counting good passwords, and stops wrong ones after ten, from that address only', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await signUp(identity);
    for (let i = 0; i < 10; i += 1) assert.equal((await signIn(identity)).answer.status, 200);
    const tries = await Promise.all(Array.from({ length: 12 }, () => signIn(identity, { password: OTHER })));
    assert.equal(tries.filter(({ answer }) => answer.body['refused'] === 'wrong_credentials').length, 10);
    const late = (await signIn(identity)).answer;
    assert.equal(late.body['refused'], 'too_many_tries');
    assert.ok(Number(late.headers['retry-after']) > 0);
    memberOf(identity, (await signIn(identity, {}, identity.browser('198.51.100.7'))).answer);
  });
});

describe('a forgotten password', () => {
  it('is replaced by a link that works once, ends all sessions, and begins one', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser } = await signUp(identity);
    const other = identity.browser('192.0.2.44');
    assert.deepEqual((await other.post('reset-request', { email: ADA.email, language: 'de' })).body, { mailSent: true });
    const link = mailedLink(identity, 'ada@example.org');
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => identity.browser('192.0.2.45').post('reset', { link, password: OTHER, device: DEVICE })),
    );
    const good = answers.filter(({ status }) => status === 200);
    assert.equal(good.length, 1);
    assert.equal(memberOf(identity, good[0] ?? assert.fail()).passport.epoch, 2);
    assert.equal((await browser.post('refresh')).body['refused'], 'signed_out');
    assert.equal((await signIn(identity)).answer.status, 403);
    assert.equal((await signIn(identity, { password: OTHER })).answer.status, 200);
    assert.equal(identity.mails.at(-1)?.template, 'password_changed');
  });

  it('answers alike for an address without an account, which is told that it has none', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await signUp(identity);
    const known = await identity.browser().post('reset-request', { email: ADA.email, language: 'de' });
    const nobody = await identity.browser().post('reset-request', { email: 'nobody@example.org', language: 'de' });
    assert.deepEqual([known.status, known.body], [nobody.status, nobody.body]);
    assert.equal(identity.mails.at(-1)?.template, 'no_account');
  });

  it('spends all links that are out, whichever was followed', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await signUp(identity);
    await identity.browser().post('reset-request', { email: ADA.email, language: 'de' });
    const first = mailedLink(identity, 'ada@example.org');
    await identity.browser().post('reset-request', { email: ADA.email, language: 'de' });
    const second = mailedLink(identity, 'ada@example.org');
    memberOf(identity, await identity.browser().post('reset', { link: second, password: OTHER, device: DEVICE }));
    const late = await identity.browser().post('reset', { link: first, password: PASSWORD, device: DEVICE });
    assert.equal(late.body['refused'], 'link_invalid');
  });
});

describe('an operator', () => {
  it('is made by an invite, once, whoever follows it with whatever address', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const invite = await identity.as('cli').createOperatorInvite({});
    assert.match(invite.link, /^http:\/\/console\.localhost:8080\/welcome#[A-Za-z0-9_-]{43}$/);
    const [, link] = invite.link.split('#');
    const answers = await Promise.all(
      ['a@example.org', 'b@example.org', 'c@example.org'].map((email) =>
        identity.browser().post('invite', { ...ADA, email, link, device: DEVICE }),
      ),
    );
    const good = answers.filter(({ status }) => status === 200);
    assert.equal(good.length, 1);
    assert.equal(memberOf(identity, good[0] ?? assert.fail()).passport.isOperator, true);
    const late = await identity.browser().post('invite', { ...ADA, email: 'd@example.org', link, device: DEVICE });
    assert.equal(late.body['refused'], 'link_invalid');
    // The addresses of those who came too late are free for others.
    for (const email of ['a@example.org', 'b@example.org', 'c@example.org'].filter((_, i) => answers[i]?.status !== 200))
      await signUp(identity, { email });
  });

  it('alone may sign an account out of all its sessions, once for each command', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport, browser } = await signUp(identity);
    const gateway = identity.as('gateway');
    const command = { accountId: passport.accountId, commandId: 'sign-out-1' };
    const operator = { within: identity.within({ accountId: 'op', isOperator: true }) };
    await assert.rejects(gateway.signOutAccount(command, { within: identity.within(passport) }), { code: 'permission_denied' });
    await assert.rejects(gateway.signOutAccount({ ...command, accountId: 'nobody' }, operator), { code: 'not_found' });
    await assert.rejects(gateway.signOutAccount({ ...command, commandId: '' }, operator), { code: 'invalid_argument' });
    assert.equal((await browser.post('refresh', {})).status, 200);
    for (let times = 0; times < 2; times += 1) {
      const { outcome } = await gateway.signOutAccount(command, operator);
      assert.equal(outcome.case === 'account' && outcome.value.epoch, passport.epoch + 1);
    }
    assert.equal((await browser.post('refresh', {})).body['refused'], 'signed_out');
    const { revocations } = await gateway.listRevocations({});
    assert.ok(
      revocations.some(
        ({ accountId, what }) => accountId === passport.accountId && what.case === 'epoch' && what.value === passport.epoch + 1,
      ),
    );
    assert.equal((await signIn(identity)).answer.status, 200);
  });

  it('alone may invite more through the gateway, and look for accounts', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport } = await signUp(identity);
    const member = identity.within(passport);
    const operator = identity.within({ accountId: 'op', isOperator: true });
    const gateway = identity.as('gateway');
    await assert.rejects(gateway.createOperatorInvite({}, { within: member }), { code: 'permission_denied' });
    await assert.rejects(gateway.findAccounts({ email: 'ad' }, { within: member }), { code: 'permission_denied' });
    await assert.rejects(gateway.getAccount({ accountId: 'other' }, { within: member }), { code: 'permission_denied' });
    await assert.rejects(gateway.getAccount({}), { code: 'unauthenticated' });
    await assert.rejects(identity.as('catalog').getAccount({ accountId: passport.accountId }), { code: 'permission_denied' });
    assert.ok((await gateway.createOperatorInvite({}, { within: operator })).link);
    assert.equal((await gateway.getAccount({ accountId: passport.accountId }, { within: operator })).account?.email, 'ada@example.org');
  });
});
