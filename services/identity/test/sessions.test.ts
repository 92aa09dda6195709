import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parseRevocation, REVOCATIONS_TOPIC, type RevocationEvent } from '../contract/index.ts';
import { DEVICE, memberOf, PASSWORD, signIn, signUp } from './members.ts';
import { startIdentity, stateFolder, until } from './running-identity.ts';

const TV = { id: 'device-tv-01', name: 'Living room', kind: 'television' };

describe('a session', () => {
  it('goes on with a new refresh token and an ordinary access token', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const before = browser.cookies.get('bioscope_session');
    const refreshed = memberOf(identity, await browser.post('refresh'));
    assert.notEqual(browser.cookies.get('bioscope_session'), before);
    assert.partialDeepStrictEqual(refreshed.passport, {
      accountId: passport.accountId,
      sessionId: passport.sessionId,
      assurance: 'session',
      planTier: 'standard',
    });
    memberOf(identity, await browser.post('refresh'));
  });

  it('goes on after a restart', async () => {
    await using folder = await stateFolder();
    let token = '';
    {
      await using identity = await startIdentity(folder.path);
      token = (await signUp(identity)).browser.cookies.get('bioscope_session') ?? '';
    }
    await using identity = await startIdentity(folder.path);
    const browser = identity.browser();
    browser.cookies.set('bioscope_session', token);
    memberOf(identity, await browser.post('refresh'));
  });

  it('survives a lost answer and tabs that refresh at once: they all get the same successor', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser } = await signUp(identity);
    const token = browser.cookies.get('bioscope_session') ?? '';
    const tabs = Array.from({ length: 6 }, () => identity.browser());
    const answers = await Promise.all(
      tabs.map((tab) => {
        tab.cookies.set('bioscope_session', token);
        return tab.post('refresh');
      }),
    );
    for (const answer of answers) memberOf(identity, answer);
    assert.equal(new Set(tabs.map((tab) => tab.cookies.get('bioscope_session'))).size, 1);
    memberOf(identity, await (tabs[0] ?? assert.fail()).post('refresh'));
  });

  it('ends when a token of long ago is used again, for the thief and for the owner, and gateways are told', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const stolen = browser.cookies.get('bioscope_session') ?? '';
    await browser.post('refresh');
    await browser.post('refresh');
    const thief = identity.browser('198.51.100.1');
    thief.cookies.set('bioscope_session', stolen);
    assert.equal((await thief.post('refresh')).body['refused'], 'signed_out');
    assert.equal((await browser.post('refresh')).body['refused'], 'signed_out');
    const { revocations } = await identity.as('gateway').listRevocations({ sinceMs: 0 });
    assert.deepEqual(
      revocations.map(({ accountId, what }) => [accountId, what.case, what.value]),
      [[passport.accountId, 'sessionId', passport.sessionId]],
    );
  });

  it('is not ended by tokens that were made up from its id', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const forger = identity.browser();
    forger.cookies.set('bioscope_session', `${passport.sessionId}.${'A'.repeat(22)}.${'A'.repeat(43)}`);
    assert.equal((await forger.post('refresh')).status, 401);
    memberOf(identity, await browser.post('refresh'));
  });

  it('ends with signing out, which may be asked twice', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser } = await signUp(identity);
    const token = browser.cookies.get('bioscope_session') ?? '';
    assert.deepEqual((await browser.post('sign-out')).body, { signedOut: true });
    assert.equal(browser.cookies.has('bioscope_session'), false);
    browser.cookies.set('bioscope_session', token);
    assert.equal((await browser.post('refresh')).status, 401);
    assert.equal((await browser.post('sign-out')).status, 200);
  });

  it('ends everywhere at once, with the epoch of the account', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const other = await signIn(identity, { device: TV });
    const pushed: RevocationEvent[] = [];
    const subscription = identity.log.subscribe({ topic: REVOCATIONS_TOPIC, group: 'gateway', from: 'earliest' }, async (records) => {
      pushed.push(...records.map(({ value }) => parseRevocation(value)));
    });
    assert.equal((await browser.post('sign-out-everywhere')).status, 200);
    assert.equal((await other.browser.post('refresh')).status, 401);
    assert.equal(memberOf(identity, (await signIn(identity)).answer).passport.epoch, 2);
    await until('the gateways are told', () => pushed.length > 0);
    assert.partialDeepStrictEqual(pushed[0], { type: 'epoch.raised', accountId: passport.accountId, epoch: 2 });
    await subscription.close();
    assert.equal(pushed.length, 1, 'told once, though both the use case and the follower tell');
    const { revocations } = await identity.as('gateway').listRevocations({ sinceMs: Date.now() - 60_000 });
    assert.ok(revocations.every(({ what }) => what.value === 2) && revocations.length > 0);
    assert.deepEqual((await identity.as('gateway').listRevocations({ sinceMs: Date.now() + 60_000 })).revocations, []);
  });
});

describe('devices', () => {
  it('are counted by their live sessions, and signed out one by one', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    const tv = await signIn(identity, { device: TV });
    await signIn(identity, { device: TV });
    const member = identity.within(passport);
    const gateway = identity.as('gateway');
    const { devices } = await gateway.listDevices({}, { within: member });
    assert.deepEqual(
      devices.map(({ id, name, kind, sessions, rank }) => ({ id, name, kind, sessions, rank })),
      [
        { ...TV, sessions: 2, rank: 2 },
        { ...DEVICE, sessions: 1, rank: 1 },
      ],
    );
    assert.equal((await identity.as('access').countDevices({ accountId: passport.accountId })).devices, 2);
    assert.equal((await gateway.signOutDevice({ deviceId: TV.id }, { within: member })).outcome.case, 'account');
    assert.equal((await tv.browser.post('refresh')).status, 401);
    memberOf(identity, await browser.post('refresh'));
    assert.equal((await gateway.countDevices({}, { within: member })).devices, 1);
    const again = await gateway.signOutDevice({ deviceId: TV.id }, { within: member });
    assert.equal(again.outcome.case === 'refused' && again.outcome.value.because, 'device_unknown');
  });

  it('make room for new ones: the longest unused session ends at forty', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser, passport } = await signUp(identity);
    for (let i = 0; i < 40; i += 1)
      await signIn(identity, { device: { ...TV, id: `device-${1000 + i}` } }, identity.browser(`192.0.2.${i}`));
    assert.equal((await browser.post('refresh')).status, 401);
    assert.equal((await identity.as('access').countDevices({ accountId: passport.accountId })).devices, 40);
  });
});

describe('the door', () => {
  it('opens to the pages of its own host only', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { browser } = await signUp(identity);
    const refusalWith = async (headers: Record<string, string>) => (await browser.post('sign-out-everywhere', {}, headers)).body['refused'];
    assert.equal(await refusalWith({ origin: 'http://evil.example' }), 'not_same_origin');
    assert.equal(await refusalWith({ origin: 'https://app.localhost:8080' }), 'not_same_origin');
    assert.equal(await refusalWith({ origin: '' }), 'not_same_origin');
    assert.equal(await refusalWith({ 'sec-fetch-site': 'same-site' }), 'not_same_origin');
    assert.equal(await refusalWith({ 'content-type': 'text/plain' }), 'malformed');
    const bare = { origin: 'http://app.localhost:8080', 'x-forwarded-host': 'app.localhost:8080', 'content-type': 'application/json' };
    assert.equal((await identity.fetch('identity', '/session/refresh', { method: 'POST', headers: bare })).status, 403);
    memberOf(identity, await browser.post('refresh'));
  });

  it('takes POST to what there is, and no more than 32 KiB', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    assert.equal((await identity.fetch('identity', '/session/refresh')).status, 404);
    assert.equal((await identity.browser().post('constructor')).status, 404);
    assert.equal((await identity.browser().post('sign-in', { email: 'x'.repeat(40_000) })).status, 413);
    assert.equal((await identity.browser().post('sign-in', 'no object')).status, 400);
  });

  it('hands out the refresh token in a cookie that no script sees and no other site sends', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    await signUp(identity);
    const plain = (await signIn(identity)).answer;
    const cookie = String([plain.headers['set-cookie'] ?? []].flat()[0]);
    assert.match(cookie, /^bioscope_session=[^;]+; Path=\/session; Max-Age=5184000; HttpOnly; SameSite=Strict$/);
    assert.doesNotMatch(JSON.stringify(plain.body), new RegExp(/=([^;]+)/.exec(cookie)?.[1]?.split('.')[2] ?? 'none'));
    assert.equal(plain.headers['cache-control'], 'no-store');
    const secure = await identity
      .browser()
      .post(
        'sign-in',
        { email: 'ada@example.org', password: PASSWORD, device: DEVICE },
        { origin: 'https://app.localhost:8080', 'x-forwarded-proto': 'https' },
      );
    assert.match(String([secure.headers['set-cookie'] ?? []].flat()[0]), /; Secure$/);
  });
});
