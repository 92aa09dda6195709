import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MemberState } from '@bioscope/membership/contract';
import { RpcError } from '@bioscope/rpc';

import { BILLING_TOPIC, PaymentStatus } from '../contract/index.ts';
import { startBilling, stateFolder, until, type RunningBilling } from './running-billing.ts';

const CARDS = {
  succeeds: '4242 4242 4242 4242',
  insufficient: '4000000000009995',
  stolen: '4000000000009979',
  expired: '4000000000000069',
  stepUp: '4000002500003155',
  chargesSilently: '4000000000006017',
  silent: '4000000000006025',
  twice: '4000000000006033',
};

async function start(running: RunningBilling, number: string, more: { commandId?: string; accountId?: string; planId?: string } = {}) {
  const { token = '' } = await running.card(number);
  const request = { planId: more.planId ?? 'premium', country: 'DE', paymentToken: token, commandId: more.commandId ?? 'c1' };
  const asks = running.asks({ accountId: more.accountId ?? 'a1' });
  return { request, asks, answer: await running.billing.startMembership(request, asks) };
}

/** What the processor took, what our invoices say, and whether the member may watch. */
async function truth(running: RunningBilling, accountId = 'a1') {
  const taken = [...(await running.statement(accountId)).values()].filter(({ state }) => state === 'succeeded');
  const { invoices } = await running.billing.listOwnInvoices({}, running.asks({ accountId }));
  const { entitled, state } = await running.entitlements.getEntitlement({ accountId });
  return {
    taken: taken.map(({ amountMinor, currency }) => `${amountMinor} ${currency}`),
    invoiced: invoices.map(({ totalMinor, currency }) => `${totalMinor} ${currency}`),
    entitled,
    state,
  };
}

const PAID_ONCE = { taken: ['1249 EUR'], invoiced: ['1249 EUR'], entitled: true, state: MemberState.ACTIVE };
const NOT_PAID = { taken: [], invoiced: [], entitled: false, state: MemberState.FUNNEL };

describe('starting a membership', () => {
  it('takes the price of the country once, issues an invoice, and lets watch', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const { answer, request, asks } = await start(running, CARDS.succeeds);
    assert.partialDeepStrictEqual(answer, { status: PaymentStatus.DONE, reason: '' });
    assert.deepEqual(await running.billing.startMembership(request, asks), answer);
    assert.deepEqual(await truth(running), PAID_ONCE);
    const { invoices } = await running.billing.listOwnInvoices({}, asks);
    assert.equal(invoices[0]?.number, `${new Date().getUTCFullYear()}-000001`);
    assert.partialDeepStrictEqual(invoices[0]?.lines, [{ kind: 'subscription', planId: 'premium', priceId: 'premium.DE.2026-01' }]);
    const { billing } = await running.billing.getOwnBilling({}, asks);
    assert.partialDeepStrictEqual(billing, { card: { brand: 'Visa', last4: '4242' }, nextAmountMinor: 1249, currency: 'EUR', failure: '' });
    assert.equal(billing?.nextChargeAtMs, invoices[0]?.lines[0]?.periodUntilMs);
    assert.partialDeepStrictEqual(await running.billing.startMembership({ ...request, commandId: 'c2' }, asks), {
      reason: 'already_member',
    });
  });

  for (const [card, reason] of [
    ['insufficient', 'insufficient_funds'],
    ['stolen', 'card_unusable'],
    ['expired', 'card_expired'],
    ['silent', 'not_charged'],
  ] as const)
    it(`takes nothing when the card answers ${card}, says ${reason}, and works with another card`, async () => {
      await using folder = await stateFolder();
      await using running = await startBilling(folder.path);
      const { answer, request, asks } = await start(running, CARDS[card]);
      assert.partialDeepStrictEqual(answer, { status: PaymentStatus.REFUSED, reason });
      assert.deepEqual(await truth(running), NOT_PAID);
      assert.deepEqual(await running.billing.startMembership(request, asks), answer);
      assert.equal((await start(running, CARDS.succeeds, { commandId: 'c2' })).answer.status, PaymentStatus.DONE);
      assert.deepEqual(await truth(running), PAID_ONCE);
    });

  for (const card of ['chargesSilently', 'twice'] as const)
    it(`takes the money exactly once when the processor ${card === 'twice' ? 'answers twice' : 'charges and never answers'}`, async () => {
      await using folder = await stateFolder();
      await using running = await startBilling(folder.path);
      const { answer, request, asks } = await start(running, CARDS[card]);
      assert.equal(answer.status, PaymentStatus.DONE);
      await running.billing.startMembership(request, asks);
      assert.deepEqual(await truth(running), PAID_ONCE);
    });

  it('waits for the member where the bank asks, and takes nothing before', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const { answer, request, asks } = await start(running, CARDS.stepUp);
    assert.partialDeepStrictEqual(answer, { status: PaymentStatus.STEP_UP_NEEDED });
    assert.match(answer.challengePath, /^\/sandbox\/challenges\/ch_/);
    assert.deepEqual(await truth(running), NOT_PAID);
    assert.equal((await running.billing.confirmPayment({ chargeId: answer.chargeId }, asks)).status, PaymentStatus.STEP_UP_NEEDED);
    assert.partialDeepStrictEqual(await running.answerChallenge(answer.challengePath, 'approve'), { state: 'succeeded' });
    assert.equal((await running.billing.confirmPayment({ chargeId: answer.chargeId }, asks)).status, PaymentStatus.DONE);
    assert.equal((await running.billing.startMembership(request, asks)).status, PaymentStatus.DONE);
    assert.deepEqual(await truth(running), PAID_ONCE);
  });

  it('goes through on the approval alone, should the browser be gone', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const { answer } = await start(running, CARDS.stepUp);
    await running.answerChallenge(answer.challengePath, 'approve');
    await until('the member watches', async () => (await truth(running)).entitled);
    assert.deepEqual(await truth(running), PAID_ONCE);
  });

  it('takes nothing for a challenge that was rejected, or left for another card', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const first = await start(running, CARDS.stepUp);
    await running.answerChallenge(first.answer.challengePath, 'reject');
    const rejected = await running.billing.confirmPayment({ chargeId: first.answer.chargeId }, first.asks);
    assert.partialDeepStrictEqual(rejected, { status: PaymentStatus.REFUSED, reason: 'step_up_failed' });
    const left = await start(running, CARDS.stepUp, { commandId: 'c2' });
    assert.equal((await start(running, CARDS.succeeds, { commandId: 'c3' })).answer.status, PaymentStatus.DONE);
    assert.partialDeepStrictEqual(await running.answerChallenge(left.answer.challengePath, 'approve'), { state: 'closed' });
    assert.deepEqual(await truth(running), PAID_ONCE);
  });

  it('takes the money once, however many browser tabs ask at the same time', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const { token = '' } = await running.card(CARDS.succeeds);
    const asks = running.asks({ accountId: 'a1' });
    const tabs = Array.from({ length: 12 }, (_, tab) =>
      running.billing.startMembership({ planId: 'premium', country: 'DE', paymentToken: token, commandId: `tab${tab % 3}` }, asks),
    );
    await Promise.all(tabs);
    await until('the member watches', async () => (await truth(running)).entitled);
    assert.deepEqual(await truth(running), PAID_ONCE);
  });

  it('refuses with a reason what cannot be sold', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const { token = '' } = await running.card(CARDS.succeeds);
    const wanted = { planId: 'premium', country: 'DE', paymentToken: token, commandId: 'c1' };
    const me = (country: string) => running.asks({ accountId: 'a1', country });
    const reasonOf = async (change: Partial<typeof wanted>, country = 'DE') =>
      (await running.billing.startMembership({ ...wanted, ...change }, me(country))).reason;
    assert.equal(await reasonOf({ planId: 'mobile' }), 'plan_not_offered_here');
    // Nobody picks the country with the lowest price.
    assert.equal(await reasonOf({ country: 'PK' }), 'plan_not_offered_here');
    assert.equal(await reasonOf({ country: '' }, ''), 'country_unknown');
    assert.equal(await reasonOf({ paymentToken: 'tok_made_up' }), 'unknown_card');
    const isCode = (code: string) => (fault: unknown) => fault instanceof RpcError && fault.code === code;
    await assert.rejects(running.billing.startMembership(wanted, running.asks({ accountId: '' })), isCode('unauthenticated'));
    await assert.rejects(running.billing.startMembership(wanted), isCode('unauthenticated'));
    await assert.rejects(
      running.billing.startMembership(wanted, running.asks({ accountId: 'a1', isKids: true })),
      isCode('permission_denied'),
    );
    await assert.rejects(running.billing.startMembership({ ...wanted, commandId: '' }, me('DE')), isCode('invalid_argument'));
    assert.equal(await reasonOf({}), '');
    // A token belongs to the account that used it first.
    const thief = await running.billing.startMembership(wanted, running.asks({ accountId: 'a2' }));
    assert.equal(thief.reason, 'unknown_card');
  });

  it('never takes in a real card number, and keeps none', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    assert.deepEqual(await running.card('4111111111111111'), { problem: 'card_not_a_test_card' });
    assert.deepEqual(await running.card(CARDS.succeeds, 2020), { problem: 'card_expiry_invalid' });
    await start(running, CARDS.succeeds);
    const kept: string[] = [];
    for (const namespace of ['sandbox', 'billing_tokens'])
      for (const { key, value } of (await running.kv.items.scan({ namespace })).items)
        kept.push(Buffer.from(key).toString() + Buffer.from(value).toString());
    const { events } = await running.kv.streams.read({ namespace: 'billing_accounts', stream: 'a1' });
    kept.push(...events.map(({ data }) => Buffer.from(data).toString()));
    assert.ok(events.length >= 4 && kept.length > events.length);
    assert.ok(kept.every((text) => !text.includes('424242424242')));
    assert.ok(
      events.every(({ data }) => !Buffer.from(data).toString().includes('tok_')),
      'a token came into an event',
    );
  });

  it('begins with a trial where the offer has one: no charge, then the first month from its end', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path, { environment: { BIOSCOPE_TRIAL_DAYS: '7' } });
    const { answer, asks } = await start(running, CARDS.succeeds);
    assert.equal(answer.status, PaymentStatus.DONE);
    assert.deepEqual(await truth(running), { taken: [], invoiced: [], entitled: true, state: MemberState.TRIAL });
    const operator = running.asks({ accountId: 'op', isOperator: true });
    await running.members.advanceClock({ accountId: 'a1', byMs: 7 * 86_400_000, commandId: 't1' }, operator);
    await until('the first month is paid', async () => (await truth(running)).state === MemberState.ACTIVE);
    assert.deepEqual(await truth(running), PAID_ONCE);
    const { membership } = await running.members.getOwnMembership({}, asks);
    assert.ok((membership?.periodUntilMs ?? 0) - (membership?.periodFromMs ?? 0) >= 28 * 86_400_000);
  });

  it('announces what happens to money', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    await start(running, CARDS.succeeds);
    const heard: string[] = [];
    const subscription = running.log.subscribe({ topic: BILLING_TOPIC, group: 'test' }, async (records) => {
      heard.push(...records.map(({ key, type }) => `${key} ${type}`));
    });
    await until('all is announced', () => heard.length >= 5);
    assert.deepEqual(heard, ['a1 start.requested', 'a1 charge.intended', 'a1 charge.succeeded', 'a1 invoice.issued', 'a1 period.opened']);
    await subscription.close();
  });
});
