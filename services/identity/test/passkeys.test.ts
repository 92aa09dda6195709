import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';

import { DEVICE, memberOf, PASSWORD, signUp, type Member } from './members.ts';
import { startIdentity, stateFolder, type Browser, type RunningIdentity } from './running-identity.ts';
import { softwareAuthenticator, type Authenticator } from './software-authenticator.ts';

const PAGE = { origin: 'http://app.localhost:8080', rpId: 'app.localhost' };

async function creationOptions({ browser }: Pick<Member, 'browser'>, password = PASSWORD) {
  const { status, body } = await browser.post('passkey/register-options', { password });
  return status === 200 ? (body['options'] as PublicKeyCredentialCreationOptionsJSON) : assert.fail(JSON.stringify(body));
}

async function requestOptions(browser: Browser): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return (await browser.post('passkey/sign-in-options')).body['options'] as PublicKeyCredentialRequestOptionsJSON;
}

async function memberWithPasskey(identity: RunningIdentity): Promise<Member & { authenticator: Authenticator }> {
  const member = await signUp(identity);
  const authenticator = softwareAuthenticator();
  const response = authenticator.register(await creationOptions(member), PAGE);
  assert.equal((await member.browser.post('passkey/register', { response, name: 'Phone' })).status, 200);
  return { ...member, authenticator };
}

describe('a passkey', () => {
  it('is added with the password, signs in without address or password, is listed and removed', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport, authenticator, browser } = await memberWithPasskey(identity);
    assert.equal(identity.mails.at(-1)?.template, 'passkey_added');
    assert.equal((await browser.post('passkey/register-options', { password: 'wrong password' })).body['refused'], 'wrong_password');

    const visitor = identity.browser();
    const options = await requestOptions(visitor);
    assert.equal(options.allowCredentials?.length ?? 0, 0, 'no list of keys: it would tell who has an account');
    const answer = await visitor.post('passkey/sign-in', { response: authenticator.signIn(options, PAGE), device: DEVICE });
    assert.partialDeepStrictEqual(memberOf(identity, answer).passport, { accountId: passport.accountId, assurance: 'credential' });
    memberOf(identity, await visitor.post('refresh'));

    const gateway = identity.as('gateway');
    const { passkeys } = await gateway.listPasskeys({}, { within: identity.within(passport) });
    assert.deepEqual(
      passkeys.map(({ name }) => name),
      ['Phone'],
    );
    assert.ok((passkeys[0]?.usedAtMs ?? 0) > 0);
    const removed = await gateway.removePasskey({ passkeyId: passkeys[0]?.id ?? '' }, { within: identity.within(passport) });
    assert.equal(removed.outcome.case, 'account');
    const late = await visitor.post('passkey/sign-in', {
      response: authenticator.signIn(await requestOptions(visitor), PAGE),
      device: DEVICE,
    });
    assert.equal(late.body['refused'], 'passkey_refused');
  });

  it('answers one challenge once, also at once, and none but ours', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { authenticator } = await memberWithPasskey(identity);
    const visitor = identity.browser();
    const response = authenticator.signIn(await requestOptions(visitor), PAGE);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => identity.browser().post('passkey/sign-in', { response, device: DEVICE })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    const invented = authenticator.signIn(
      { ...(await requestOptions(visitor)), challenge: Buffer.alloc(32, 1).toString('base64url') },
      PAGE,
    );
    assert.equal((await visitor.post('passkey/sign-in', { response: invented, device: DEVICE })).body['refused'], 'passkey_refused');
  });

  it('is refused from another page, without the person verified, with a counter that went back, and when tampered with', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { authenticator, passport } = await memberWithPasskey(identity);
    const visitor = identity.browser();
    const refusal = async (make: (options: PublicKeyCredentialRequestOptionsJSON) => unknown) =>
      (await visitor.post('passkey/sign-in', { response: make(await requestOptions(visitor)), device: DEVICE })).body['refused'];
    assert.equal(await refusal((options) => authenticator.signIn(options, { ...PAGE, origin: 'http://evil.example' })), 'passkey_refused');
    assert.equal(await refusal((options) => authenticator.signIn(options, { ...PAGE, rpId: 'evil.example' })), 'passkey_refused');
    assert.equal(await refusal((options) => authenticator.signIn(options, PAGE, { isVerified: false })), 'passkey_refused');
    assert.equal(await refusal((options) => softwareAuthenticator().signIn(options, PAGE)), 'passkey_refused');
    assert.equal(
      await refusal((options) => {
        const { response, ...rest } = authenticator.signIn(options, PAGE);
        const handle = Buffer.from('00000000-0000-4000-8000-000000000000').toString('base64url');
        return { ...rest, response: { ...response, userHandle: handle } };
      }),
      'passkey_refused',
    );
    const early = authenticator.signIn(await requestOptions(visitor), PAGE);
    memberOf(
      identity,
      await visitor.post('passkey/sign-in', { response: authenticator.signIn(await requestOptions(visitor), PAGE), device: DEVICE }),
    );
    assert.equal((await visitor.post('passkey/sign-in', { response: early, device: DEVICE })).body['refused'], 'passkey_refused');
    assert.equal((await visitor.post('passkey/sign-in', { response: { id: 'x' }, device: DEVICE })).body['refused'], 'malformed');
    const { passkeys } = await identity.as('gateway').listPasskeys({}, { within: identity.within(passport) });
    assert.equal(passkeys.length, 1);
  });

  it('is added to the account that asked for it, by an answer to its own challenge, once', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const ada = await signUp(identity);
    const bob = await signUp(identity, { email: 'bob@example.org' });
    const response = softwareAuthenticator().register(await creationOptions(ada), PAGE);
    assert.equal((await bob.browser.post('passkey/register', { response, name: '' })).body['refused'], 'passkey_refused');
    assert.equal((await ada.browser.post('passkey/register', { response, name: '' })).status, 200);
    assert.equal((await ada.browser.post('passkey/register', { response, name: '' })).body['refused'], 'passkey_refused');
    assert.equal((await identity.browser().post('passkey/register', { response, name: '' })).body['refused'], 'signed_out');
  });
});
