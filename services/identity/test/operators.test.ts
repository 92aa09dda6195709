import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { IdentityService } from '../contract/index.ts';
import { signUp } from './members.ts';
import { startIdentity, stateFolder } from './running-identity.ts';

/** What members do with their own account, and what the gateway asks for itself. */
const MEMBERS_OWN = [
  'createProfile',
  'changeProfile',
  'removeProfile',
  'setProfilePin',
  'setAccountPin',
  'changePassword',
  'changeEmail',
  'listPasskeys',
  'removePasskey',
  'signOutDevice',
  'listRevocations',
];

describe('operators of accounts', () => {
  it('see and do nothing that access refuses', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport, browser } = await signUp(identity);
    const operator = { within: identity.within({ accountId: 'op', isOperator: true }) };
    const gateway = identity.as('gateway');
    const { accountId } = passport;
    assert.equal((await gateway.getAccount({ accountId }, operator)).account?.id, accountId);
    identity.rights.answer = 'operators_only';
    assert.deepEqual(await methodsOpenTo(IdentityService, gateway, operator), MEMBERS_OWN);
    for (const asked of [
      gateway.getAccount({ accountId }, operator),
      gateway.getProfile({ accountId }, operator),
      gateway.listDevices({ accountId }, operator),
      gateway.countDevices({ accountId }, operator),
      identity.as('graph').getAccount({ accountId }, operator),
      gateway.signOutAccount({ accountId, commandId: 'c1' }, operator),
      gateway.createOperatorInvite({}, operator),
    ])
      await assert.rejects(asked, { code: 'permission_denied', message: /operators_only/ });
    assert.deepEqual(new Set(identity.rights.asked), new Set(['members', 'operators']));
    assert.equal((await browser.post('refresh', {})).status, 200, 'nobody was signed out');
  });

  it('wait while access does not answer; members, units and the command line do not', async () => {
    await using folder = await stateFolder();
    await using identity = await startIdentity(folder.path);
    const { passport } = await signUp(identity);
    const { accountId } = passport;
    const operator = { within: identity.within({ accountId: 'op', isOperator: true }) };
    identity.rights.answer = 'down';
    await assert.rejects(identity.as('gateway').getAccount({ accountId }, operator), {
      code: 'unavailable',
      message: /access does not answer/,
    });
    await assert.rejects(identity.as('gateway').findAccounts({ email: 'ada' }, operator), { code: 'unavailable' });
    const asked = identity.rights.asked.length;
    const own = { within: identity.within(passport) };
    assert.equal((await identity.as('gateway').getAccount({}, own)).account?.id, accountId);
    assert.equal((await identity.as('access').getAccount({ accountId })).account?.id, accountId);
    assert.ok((await identity.as('cli').createOperatorInvite({ onlyFirst: true })).link);
    assert.equal(identity.rights.asked.length, asked);
  });
});
