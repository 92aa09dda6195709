import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RpcError } from '@bioscope/rpc';

import { MEMBERSHIP_TOPIC, MemberState, Refusal } from '../contract/index.ts';
import { DAY_MS, terms } from './made-members.ts';
import { startMembership, stateFolder, type RunningMembership } from './running-membership.ts';

const CLOCKS = { BIOSCOPE_TEST_CLOCKS: '1' };
const refusedWith = (code: string, message: RegExp) => (fault: unknown) =>
  fault instanceof RpcError && fault.code === code && message.test(fault.message);

async function activate(running: RunningMembership, accountId = 'a1') {
  const fromMs = Date.now();
  const request = {
    accountId,
    plan: terms('standard'),
    priceId: 'standard.DE.2026-01',
    country: 'DE',
    fromMs,
    untilMs: fromMs + 30 * DAY_MS,
    commandId: 'c1',
  };
  return { request, answer: await running.as('billing').activate(request) };
}

describe('membership', () => {
  it('takes a member from the funnel through a cancellation to the lapse, by the clock of the account, and back', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path, CLOCKS);
    const [gateway, billing, access] = ['gateway', 'billing', 'access'].map((unit) => running.as(unit)) as [Client, Client, Client];
    const me = running.asks({ accountId: 'a1' });
    const operator = running.asks({ accountId: 'op', isOperator: true });
    const entitlement = () => access.getEntitlement({ accountId: 'a1' });

    assert.partialDeepStrictEqual(await entitlement(), { entitled: false, reason: 'never_member', state: MemberState.NONE });
    // With the id of the payment that follows: the two are different commands all the same.
    await billing.choosePlan({ accountId: 'a1', planId: 'standard', country: 'DE', commandId: 'c1' });
    assert.partialDeepStrictEqual(await entitlement(), { entitled: false, reason: 'payment_needed', state: MemberState.FUNNEL });
    const { request } = await activate(running);
    assert.partialDeepStrictEqual(await entitlement(), {
      entitled: true,
      reason: 'member',
      planTier: 'standard',
      streamsMax: 2,
      heightMax: 1080,
      downloadsMax: 2,
      devicesMax: 5,
      untilMs: request.untilMs,
      changesAtMs: request.untilMs,
    });
    assert.equal((await gateway.cancel({ commandId: 'x', why: 'seen it all' }, me)).membership?.state, MemberState.ENDING);
    await gateway.advanceClock({ accountId: 'a1', byMs: 29 * DAY_MS, commandId: 't1' }, operator);
    assert.partialDeepStrictEqual(await entitlement(), { entitled: true, reason: 'ending', changesAtMs: request.untilMs - 29 * DAY_MS });
    const { membership } = await gateway.advanceClock({ accountId: 'a1', byMs: DAY_MS, commandId: 't2' }, operator);
    assert.partialDeepStrictEqual(membership, { state: MemberState.LAPSED, clockAheadMs: 30 * DAY_MS });
    assert.partialDeepStrictEqual(await entitlement(), { entitled: false, reason: 'lapsed' });
    assert.partialDeepStrictEqual(await access.getEntitlement({ accountId: 'a1', atMs: request.untilMs - 1 }), { entitled: true });
    const later = { ...request, fromMs: request.untilMs, untilMs: request.untilMs + 30 * DAY_MS, commandId: 'c2' };
    assert.equal((await billing.activate(later)).membership?.state, MemberState.ACTIVE);
    const { events } = await gateway.listTimeline({ accountId: 'a1' }, operator);
    assert.deepEqual(
      events.map(({ type }) => type),
      [
        'funnel.plan_chosen',
        'membership.activated',
        'cancellation.asked',
        'clock.advanced',
        'clock.advanced',
        'membership.lapsed',
        'membership.rejoined',
      ],
    );
  });

  it('does a command once, however often it is sent, also after a restart', async () => {
    await using folder = await stateFolder();
    {
      await using running = await startMembership(folder.path);
      const { request, answer } = await activate(running);
      assert.equal(answer.refused, Refusal.NONE);
      assert.deepEqual((await running.as('billing').activate(request)).refused, Refusal.NONE);
      assert.equal((await running.as('billing').activate({ ...request, commandId: 'c2' })).refused, Refusal.ALREADY_MEMBER);
    }
    await using running = await startMembership(folder.path);
    const me = running.asks({ accountId: 'a1' });
    const gateway = running.as('gateway');
    const twenty = Array.from({ length: 20 }, () => gateway.cancel({ commandId: 'x' }, me));
    const states = (await Promise.all(twenty)).map(({ membership }) => membership?.state);
    assert.deepEqual(new Set(states), new Set([MemberState.ENDING]));
    assert.equal((await gateway.getOwnMembership({}, me)).membership?.version, 2);
    assert.equal((await gateway.undoCancel({ commandId: 'y' }, me)).membership?.state, MemberState.ACTIVE);
    // The old command again does not cancel again.
    assert.equal((await gateway.cancel({ commandId: 'x' }, me)).membership?.state, MemberState.ACTIVE);
  });

  it('changes the plan at the price in force where the member is billed', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path);
    await activate(running);
    const gateway = running.as('gateway');
    const me = running.asks({ accountId: 'a1' });
    const upgraded = await gateway.changePlan({ planId: 'premium', commandId: 'p1' }, me);
    assert.partialDeepStrictEqual(upgraded.membership, { plan: { planId: 'premium' }, renewalPriceId: 'premium.DE.2026-01' });
    const down = await gateway.changePlan({ planId: 'basic', commandId: 'p2' }, me);
    assert.partialDeepStrictEqual(down.membership, { plan: { planId: 'standard' }, renewalPlanId: 'basic' });
    assert.equal((await gateway.changePlan({ planId: 'gold', commandId: 'p3' }, me)).refused, Refusal.PLAN_NOT_OFFERED_HERE);
    running.plans.isDown = true;
    await assert.rejects(gateway.changePlan({ planId: 'premium', commandId: 'p4' }, me), refusedWith('unavailable', /nothing was changed/));
    const back = await gateway.changePlan({ planId: 'standard', commandId: 'p5' }, me);
    assert.partialDeepStrictEqual(back, { refused: Refusal.NONE, membership: { renewalPlanId: 'standard' } });
  });

  it('is shown to operators and ended by them once, with who it was and why', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path);
    await activate(running);
    const gateway = running.as('gateway');
    const operator = running.asks({ accountId: 'op', isOperator: true });
    const me = running.asks({ accountId: 'a1' });
    assert.equal((await gateway.showMembership({ accountId: 'a1' }, operator)).membership?.state, MemberState.ACTIVE);
    const end = { accountId: 'a1', why: 'asked on the phone', commandId: 'e1' };
    for (const refused of [gateway.showMembership({ accountId: 'a1' }, me), gateway.endMembership(end, me)])
      await assert.rejects(refused, refusedWith('permission_denied', /operators/));
    await assert.rejects(gateway.endMembership({ ...end, why: ' ' }, operator), refusedWith('invalid_argument', /why/));
    for (let times = 0; times < 2; times += 1)
      assert.equal((await gateway.endMembership(end, operator)).membership?.state, MemberState.ENDING);
    const { events } = await gateway.listTimeline({ accountId: 'a1' }, operator);
    const asked = events.filter(({ type }) => type === 'cancellation.asked');
    assert.deepEqual(
      asked.map(({ data }) => (JSON.parse(data) as { why: string }).why),
      ['operator op: asked on the phone'],
    );
    assert.equal((await gateway.undoCancel({ commandId: 'u1' }, me)).membership?.state, MemberState.ACTIVE);
  });

  it('answers each only what is theirs', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path);
    const gateway = running.as('gateway');
    await activate(running);
    await assert.rejects(gateway.cancel({ commandId: 'x' }, running.asks({})), refusedWith('unauthenticated', /sign in/));
    await assert.rejects(gateway.cancel({ commandId: 'x' }), refusedWith('unauthenticated', /passport/));
    const child = running.asks({ accountId: 'a1', isKids: true });
    await assert.rejects(gateway.cancel({ commandId: 'x' }, child), refusedWith('permission_denied', /children/));
    await assert.rejects(gateway.getEntitlement({ accountId: 'a1' }), refusedWith('permission_denied', /./));
    await assert.rejects(running.as('access').renew({ accountId: 'a1' }), refusedWith('permission_denied', /./));
    const me = running.asks({ accountId: 'a1' });
    await assert.rejects(gateway.listTimeline({ accountId: 'a1' }, me), refusedWith('permission_denied', /operators/));
    const operator = running.asks({ accountId: 'op', isOperator: true });
    const move = { accountId: 'a1', byMs: 1, commandId: 't' };
    await assert.rejects(gateway.advanceClock(move, me), refusedWith('permission_denied', /operators/));
    await assert.rejects(gateway.advanceClock(move, operator), refusedWith('failed_precondition', /BIOSCOPE_TEST_CLOCKS/));
    await using other = await stateFolder();
    await assert.rejects(startMembership(other.path, { BIOSCOPE_TEST_CLOCKS: 'yes' }), /BIOSCOPE_TEST_CLOCKS is "yes"/);
  });

  it('announces what happens to members', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path);
    await activate(running, 'a7');
    const heard = Promise.withResolvers<readonly string[]>();
    const subscription = running.log.subscribe({ topic: MEMBERSHIP_TOPIC, group: 'test' }, async (records) =>
      heard.resolve(records.map(({ key, type }) => `${key} ${type}`)),
    );
    assert.deepEqual(await heard.promise, ['a7 membership.activated']);
    await subscription.close();
  });
});

type Client = ReturnType<RunningMembership['as']>;
