import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MemberState } from '@bioscope/membership/contract';

import { PaymentStatus } from '../contract/index.ts';
import { startBilling, stateFolder, until, type RunningBilling } from './running-billing.ts';

const DAY_MS = 86_400_000;
const GOOD = '4242424242424242';
const POOR = '4000000000009995';
const STOLEN = '4000000000009979';

/** A member of a plan on a fresh installation, with what a test does to them. */
async function member(running: RunningBilling, planId = 'standard') {
  const asks = running.asks({ accountId: 'a1' });
  const operator = running.asks({ accountId: 'op', isOperator: true });
  let moves = 0;
  const me = {
    asks,
    membership: async () => (await running.members.getOwnMembership({}, asks)).membership,
    state: async () => (await me.membership())?.state,
    entitled: async () => (await running.entitlements.getEntitlement({ accountId: 'a1' })).entitled,
    charges: async () => (await running.billing.showBilling({ accountId: 'a1' }, operator)).charges.map(({ state }) => state),
    invoices: async () => (await running.billing.listOwnInvoices({}, asks)).invoices.toReversed(),
    async move(byMs: number) {
      moves += 1;
      await running.members.advanceClock({ accountId: 'a1', byMs, commandId: `move${moves}` }, operator);
    },
    async toPeriodEnd() {
      const now = await me.membership();
      await me.move((now?.periodUntilMs ?? 0) - (now?.nowMs ?? 0));
    },
    /** Until the payment of the next period is through. */
    async toNextPeriod() {
      const before = (await me.membership())?.periodUntilMs ?? 0;
      await me.toPeriodEnd();
      await until('the next period is open', async () => ((await me.membership())?.periodUntilMs ?? 0) > before);
    },
    async start(number = GOOD, commandId = 'c1') {
      const { token = '' } = await running.card(number);
      const answer = await running.billing.startMembership({ planId, country: 'DE', paymentToken: token, commandId }, asks);
      assert.equal(answer.status, PaymentStatus.DONE);
    },
    async useCard(number: string, commandId: string) {
      const { token = '' } = await running.card(number);
      return running.billing.updateCard({ paymentToken: token, commandId }, asks);
    },
    takenMinor: async () => {
      const statement = [...(await running.statement('a1')).values()].filter(({ state }) => state === 'succeeded');
      return statement.map(({ amountMinor }) => amountMinor).sort((one, other) => one - other);
    },
  };
  await me.start();
  return me;
}

describe('renewals', () => {
  it("take the price of every month once, by the account's clock, with invoices without a gap", async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const me = await member(running);
    for (let month = 2; month <= 4; month += 1) {
      await me.toNextPeriod();
      assert.equal((await me.invoices()).length, month);
    }
    const invoices = await me.invoices();
    assert.deepEqual(await me.takenMinor(), [999, 999, 999, 999]);
    assert.deepEqual(
      invoices.map(({ number }) => number.slice(-6)),
      ['000001', '000002', '000003', '000004'],
    );
    const anchor = Temporal.Instant.fromEpochMilliseconds(invoices[0]?.lines[0]?.periodFromMs ?? 0).toZonedDateTimeISO('UTC');
    for (const [at, { lines }] of invoices.entries())
      assert.deepEqual(
        [lines[0]?.periodFromMs, lines[0]?.periodUntilMs],
        [anchor.add({ months: at }).epochMilliseconds, anchor.add({ months: at + 1 }).epochMilliseconds],
      );
  });

  it('that are declined are tried again on days 1, 3, 5 and 7; then the member is held, and a new card pays at once', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const me = await member(running);
    assert.equal((await me.useCard(POOR, 'poor')).status, PaymentStatus.DONE);
    await me.toPeriodEnd();
    await until('it is past due', async () => (await me.state()) === MemberState.PAST_DUE);
    assert.equal(await me.entitled(), true);
    for (const [attempts, days] of [
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 2],
    ] as const) {
      await me.move(days * DAY_MS);
      await until(`try ${attempts}`, async () => (await me.charges()).filter((state) => state === 'declined').length === attempts);
    }
    await me.move(DAY_MS);
    assert.deepEqual([await me.state(), await me.entitled()], [MemberState.ON_HOLD, false]);
    const { billing } = await running.billing.getOwnBilling({}, me.asks);
    assert.partialDeepStrictEqual(billing, { failure: 'insufficient_funds', nextChargeAtMs: 0 });
    const paid = await me.useCard(GOOD, 'good');
    assert.partialDeepStrictEqual(paid, { status: PaymentStatus.DONE });
    assert.deepEqual(await me.useCard(GOOD, 'good').then(({ status }) => status), PaymentStatus.DONE);
    assert.deepEqual([await me.state(), await me.entitled()], [MemberState.ACTIVE, true]);
    assert.deepEqual(await me.takenMinor(), [999, 999]);
    const now = await me.membership();
    assert.ok((now?.periodFromMs ?? 0) > (now?.nowMs ?? 0) - DAY_MS, 'the months are counted from the payment');
  });

  it('that are paid late while watching went on keep their billing date', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const me = await member(running);
    const dueMs = (await me.membership())?.periodUntilMs;
    await me.useCard(POOR, 'poor');
    await me.toPeriodEnd();
    await until('it is past due', async () => (await me.state()) === MemberState.PAST_DUE);
    await me.move(2 * DAY_MS);
    await until('the second try', async () => (await me.charges()).filter((state) => state === 'declined').length === 2);
    await until('the new card is taken', async () => (await me.useCard(GOOD, 'good')).status === PaymentStatus.DONE);
    assert.partialDeepStrictEqual(await me.membership(), { state: MemberState.ACTIVE, periodFromMs: dueMs });
  });

  it('with a card that will never work are not tried again, and lapse after 28 days', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const me = await member(running);
    await me.useCard(STOLEN, 'stolen');
    await me.toPeriodEnd();
    await until('it is past due', async () => (await me.state()) === MemberState.PAST_DUE);
    for (const days of [1, 3, 4]) await me.move(days * DAY_MS);
    assert.equal(await me.state(), MemberState.ON_HOLD);
    await me.move(21 * DAY_MS);
    await until('time is written down', async () => (await timeline(running)).includes('membership.lapsed'));
    assert.deepEqual(await me.charges(), ['declined', 'succeeded']);
    assert.deepEqual(await me.takenMinor(), [999]);
  });

  it('of a cancelled member are not taken; who rejoins pays anew', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const me = await member(running);
    await running.members.cancel({ commandId: 'x' }, me.asks);
    await me.move(20 * DAY_MS);
    assert.equal(await me.entitled(), true);
    await me.move(12 * DAY_MS);
    assert.deepEqual([await me.state(), await me.entitled()], [MemberState.LAPSED, false]);
    assert.deepEqual(await me.takenMinor(), [999]);
    await me.start(GOOD, 'again');
    assert.deepEqual([await me.state(), await me.entitled()], [MemberState.ACTIVE, true]);
    assert.deepEqual(await me.takenMinor(), [999, 999]);
    assert.ok((await timeline(running)).includes('membership.rejoined'));
  });

  it('take the price of the plan that was changed to', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const me = await member(running);
    await running.members.changePlan({ planId: 'premium', commandId: 'up' }, me.asks);
    assert.equal((await running.billing.getOwnBilling({}, me.asks)).billing?.nextAmountMinor, 1249);
    assert.deepEqual(await me.takenMinor(), [999]);
    await me.toNextPeriod();
    await running.members.changePlan({ planId: 'basic', commandId: 'down' }, me.asks);
    assert.equal((await me.membership())?.plan?.planId, 'premium');
    await until(
      'the second month is open',
      async () => ((await me.membership())?.periodUntilMs ?? 0) > ((await me.membership())?.nowMs ?? 0),
    );
    await me.toPeriodEnd();
    await until('basic is paid', async () => (await me.membership())?.plan?.planId === 'basic');
    assert.deepEqual(await me.takenMinor(), [649, 999, 1249]);
  });
});

async function timeline(running: RunningBilling): Promise<readonly string[]> {
  const operator = running.asks({ accountId: 'op', isOperator: true });
  return (await running.members.listTimeline({ accountId: 'a1' }, operator)).events.map(({ type }) => type);
}
