import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MemberState } from '@bioscope/membership/contract';

import { TEST_CARDS } from '../src/sandbox/test-cards.ts';
import { startBilling, stateFolder, until, type RunningBilling } from './running-billing.ts';

const DAY_MS = 86_400_000;
const LIVES = process.env.BIOSCOPE_TEST_ALL === '1' ? 12 : 1;
const STEPS = 25;
const seed = Number(process.env.BIOSCOPE_TEST_SEED ?? Date.now() % 1_000_000);

const WATCHING: ReadonlySet<MemberState> = new Set([MemberState.ACTIVE, MemberState.PAST_DUE, MemberState.ENDING]);
const STEP_NAMES = [
  'start',
  'start',
  'card',
  'cancel',
  'undo',
  'plan',
  'move',
  'move',
  'to the end',
  'to the end',
  'answer the bank',
] as const;
type Step = (typeof STEP_NAMES)[number];

describe('any life of a member', () => {
  for (let life = 0; life < LIVES; life += 1)
    it(
      `has an invoice for every payment, no month paid twice, and nobody who watches unpaid (life ${life})`,
      { timeout: 600_000 },
      async (t) => {
        t.diagnostic(`BIOSCOPE_TEST_SEED=${seed}`);
        await using folder = await stateFolder();
        await using running = await startBilling(folder.path, { environment: { BIOSCOPE_PROCESSOR_MS: '300' } });
        const random = randomFrom(seed + life);
        const taken: string[] = [];
        for (let at = 0; at < STEPS; at += 1) {
          const step = pick(STEP_NAMES, random);
          taken.push(await live(running, step, `${at}`, random));
          await quiet(running, taken);
          await assertTrue(running, taken);
        }
      },
    );
});

/** One step; says what it was. Refusals are part of life. */
async function live(running: RunningBilling, step: Step, commandId: string, random: () => number): Promise<string> {
  const asks = running.asks({ accountId: 'a1' });
  const planId = pick(['basic', 'standard', 'premium'] as const, random);
  const operator = running.asks({ accountId: 'op', isOperator: true });
  // Cards that work are given more often than each of the others.
  const card = random() < 0.5 ? TEST_CARDS[0] : pick(TEST_CARDS, random);
  switch (step) {
    case 'start': {
      const { token: paymentToken = '' } = await running.card(card?.number ?? '');
      const { reason } = await running.billing.startMembership({ planId, country: 'DE', paymentToken, commandId }, asks);
      return `${step} ${planId} ${card?.behaviour} ${reason}`;
    }
    case 'card': {
      const { token: paymentToken = '' } = await running.card(card?.number ?? '');
      const { reason } = await running.billing.updateCard({ paymentToken, commandId }, asks);
      return `${step} ${card?.behaviour} ${reason}`;
    }
    case 'cancel':
      return `${step} ${(await running.members.cancel({ commandId }, asks)).refused}`;
    case 'undo':
      return `${step} ${(await running.members.undoCancel({ commandId }, asks)).refused}`;
    case 'plan':
      return `${step} ${planId} ${(await running.members.changePlan({ planId, commandId }, asks)).refused}`;
    case 'move': {
      const byMs = Math.ceil(random() * 12 * DAY_MS);
      await running.members.advanceClock({ accountId: 'a1', byMs, commandId }, operator);
      return `${step} ${(byMs / DAY_MS).toFixed(1)} days`;
    }
    case 'to the end': {
      const { membership } = await running.members.getOwnMembership({}, asks);
      const byMs = (membership?.periodUntilMs ?? 0) - (membership?.nowMs ?? 0);
      if (byMs > 0) await running.members.advanceClock({ accountId: 'a1', byMs, commandId }, operator);
      return step;
    }
    case 'answer the bank': {
      const { billing } = await running.billing.getOwnBilling({}, asks);
      const answer = random() < 0.7 ? 'approve' : 'reject';
      if (billing === undefined || billing.openChallengePath === '') return step;
      await running.answerChallenge(billing.openChallengePath, answer);
      await running.billing.confirmPayment({ chargeId: billing.openChargeId }, asks);
      return `${step} ${answer}`;
    }
    default:
      return step satisfies never;
  }
}

/** Until nothing is under way but what waits for the member or for time. */
async function quiet(running: RunningBilling, taken: readonly string[]): Promise<void> {
  const asks = running.asks({ accountId: 'a1' });
  await until(`quiet after ${taken.join(', ')}`, async () => {
    const { billing } = await running.billing.getOwnBilling({}, asks);
    const { membership } = await running.members.getOwnMembership({}, asks);
    if (billing?.openChargeId !== '') return billing?.openChallengePath !== '';
    return billing.nextChargeAtMs === 0 || billing.nextChargeAtMs > (membership?.nowMs ?? 0);
  });
}

async function assertTrue(running: RunningBilling, taken: readonly string[]): Promise<void> {
  const asks = running.asks({ accountId: 'a1' });
  const story = taken.join(', ');
  const statement = [...(await running.statement('a1'))].filter(([, { state }]) => state === 'succeeded');
  const { invoices } = await running.billing.listOwnInvoices({}, asks);
  assert.deepEqual(invoices.map(({ chargeId }) => chargeId).sort(), statement.map(([key]) => key).sort(), story);
  const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
  assert.equal(total(invoices.map(({ totalMinor }) => totalMinor)), total(statement.map(([, { amountMinor }]) => amountMinor)), story);
  assert.deepEqual(
    invoices.map(({ number }) => Number(number.slice(-6))),
    invoices.map((_, at) => invoices.length - at),
    story,
  );
  const periods = invoices.flatMap(({ lines }) => lines).sort((one, other) => one.periodFromMs - other.periodFromMs);
  for (const [at, { periodFromMs }] of periods.entries())
    assert.ok(periodFromMs >= (periods[at - 1]?.periodUntilMs ?? 0), `two months overlap after ${story}`);

  const { membership } = await running.members.getOwnMembership({}, asks);
  const { entitled, reason, planTier } = await running.entitlements.getEntitlement({ accountId: 'a1' });
  const nowMs = membership?.nowMs ?? 0;
  const paid = periods.findLast(({ periodFromMs }) => periodFromMs <= nowMs);
  const watchesUntilMs =
    (paid?.periodUntilMs ?? 0) + (reason === 'past_due' ? 7 * DAY_MS + 3_600_000 : 0) + (reason === 'renewal_pending' ? DAY_MS : 0);
  assert.equal(entitled, WATCHING.has(membership?.state ?? MemberState.UNSPECIFIED), story);
  if (entitled) assert.ok(nowMs < watchesUntilMs, `watches unpaid (${reason}, ${planTier}) after ${story}`);
  // And the other way round: who has paid watches, unless they paid for a time before a lapse that they asked for themselves.
  else assert.ok(paid === undefined || nowMs >= paid.periodUntilMs, `paid and does not watch (${reason}) after ${story}`);
}

function pick<T>(list: readonly T[], random: () => number): T {
  const picked = list[Math.floor(random() * list.length)];
  if (picked === undefined) throw new RangeError('nothing to pick from');
  return picked;
}

/** Mulberry32: small, seeded, good enough to choose steps. */
function randomFrom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
