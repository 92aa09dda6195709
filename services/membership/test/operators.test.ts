import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { MembershipService } from '../contract/index.ts';
import { startMembership, stateFolder } from './running-membership.ts';

const DAY_MS = 86_400_000;

describe('operators of memberships', () => {
  it('see and do nothing that access refuses, nor while it does not answer; entitlements are told all the same', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path, { BIOSCOPE_TEST_CLOCKS: '1' });
    const gateway = running.as('gateway');
    const operator = running.asks({ accountId: 'op', isOperator: true });
    await running.as('billing').choosePlan({ accountId: 'a1', planId: 'standard', country: 'DE', commandId: 'c1' });
    const timeline = async () => (await gateway.listTimeline({ accountId: 'a1' }, operator)).events.map(({ type }) => type);
    const before = await timeline();
    running.rights.answer = 'operators_only';
    const own = ['getOwnMembership', 'cancel', 'undoCancel', 'changePlan', 'cancelPlanChange'];
    for (const caller of ['gateway', 'graph']) assert.deepEqual(await methodsOpenTo(MembershipService, running.as(caller), operator), own);
    const end = { accountId: 'a1', commandId: 'c2', why: 'asked on the telephone' };
    const clock = { accountId: 'a1', byMs: DAY_MS, commandId: 'c3' };
    for (const [answer, code] of [
      ['operators_only', 'permission_denied'],
      ['down', 'unavailable'],
    ] as const) {
      running.rights.answer = answer;
      await assert.rejects(gateway.endMembership(end, operator), { code });
      await assert.rejects(gateway.advanceClock(clock, operator), { code });
      await assert.rejects(gateway.showMembership({ accountId: 'a1' }, operator), { code });
      await assert.rejects(gateway.listTimeline({ accountId: 'a1' }, operator), { code });
    }
    assert.equal((await running.as('access').getEntitlement({ accountId: 'a1' })).entitled, false);
    running.rights.answer = 'granted';
    assert.deepEqual(await timeline(), before);
    assert.deepEqual(new Set(running.rights.asked), new Set(['members']));
  });
});
