import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { MemberState } from '@bioscope/membership/contract';

import { PaymentStatus } from '../contract/index.ts';
import { MILESTONES, type Milestone } from '../src/parts.ts';
import { startBilling, stateFolder, until, type RunningBilling } from './running-billing.ts';

const GOOD = '4242424242424242';
const CARDS = {
  succeeds: GOOD,
  declines: '4000000000009995',
  chargesSilently: '4000000000006017',
  silent: '4000000000006025',
  twice: '4000000000006033',
};
type Card = keyof typeof CARDS;

/** Which milestones a payment with a card passes at all. */
const PASSED: Readonly<Record<Card, readonly Milestone[]>> = {
  succeeds: MILESTONES,
  twice: MILESTONES,
  chargesSilently: MILESTONES,
  declines: ['woken', 'intended', 'answered', 'outcome_kept'],
  silent: ['woken', 'intended', 'answered', 'outcome_kept'],
};
const isAll = process.env.BIOSCOPE_TEST_ALL === '1';
/** Without all: those where most can go wrong. */
const FEW: Readonly<Partial<Record<Card, readonly Milestone[]>>> = {
  succeeds: ['intended', 'charged', 'invoice_numbered', 'member_told'],
  chargesSilently: ['charged'],
};

describe('a payment whose process is killed', { concurrency: 2 }, () => {
  for (const [card, milestones] of Object.entries(isAll ? PASSED : FEW) as [Card, readonly Milestone[]][])
    for (const milestone of milestones)
      it(`at "${milestone}", with a card that ${card}, is taken once or not at all, and the state says which`, async () => {
        await using folder = await stateFolder();
        assert.equal(await runChild(folder.path, 'start', card, milestone), 'SIGKILL');
        await using running = await startBilling(folder.path);
        await assertDecided(running, card);
      });

  for (const milestone of isAll ? MILESTONES : (['intended', 'charged'] as const))
    it(`at "${milestone}" of a renewal takes every month once`, async () => {
      await using folder = await stateFolder();
      assert.equal(await runChild(folder.path, 'start', 'succeeds', 'none'), 0);
      assert.equal(await runChild(folder.path, 'renewal', 'succeeds', milestone), 'SIGKILL');
      await using running = await startBilling(folder.path);
      await assertRenewed(running);
    });

  for (const [first, second] of isAll ? pairs() : ([['charged', 'invoice_numbered']] as const))
    it(`at "${first}" and again at "${second}" is taken once`, async () => {
      await using folder = await stateFolder();
      assert.equal(await runChild(folder.path, 'start', 'succeeds', first), 'SIGKILL');
      assert.equal(await runChild(folder.path, 'start', 'succeeds', second), 'SIGKILL');
      await using running = await startBilling(folder.path);
      await assertDecided(running, 'succeeds');
    });
});

/** The command sent again is answered by what became of it; processor, invoices and membership agree; and the member can go on. */
async function assertDecided(running: RunningBilling, card: Card): Promise<void> {
  const asks = running.asks({ accountId: 'a1' });
  const { token: other = '' } = await running.card(GOOD);
  // The token of the first try is in the dead process' hands only; a command that was written down does not need it any more.
  const again = { planId: 'standard', country: 'DE', paymentToken: other, commandId: 'c1' };
  let answer = await running.billing.startMembership(again, asks);
  await until('it is decided', async () => {
    answer = await running.billing.startMembership(again, asks);
    return answer.status !== PaymentStatus.PENDING;
  });
  await assertAgreed(running, answer.status === PaymentStatus.DONE ? 1 : 0);
  assert.ok(answer.status === PaymentStatus.DONE || answer.status === PaymentStatus.REFUSED, `${card}: status ${answer.status}`);
  if (answer.status === PaymentStatus.DONE) return;
  assert.ok(['not_charged', 'insufficient_funds'].includes(answer.reason), answer.reason);
  const fresh = await running.billing.startMembership({ ...again, commandId: 'c2' }, asks);
  assert.equal(fresh.status, PaymentStatus.DONE);
  await assertAgreed(running, 1);
}

async function assertRenewed(running: RunningBilling): Promise<void> {
  const asks = running.asks({ accountId: 'a1' });
  await until('the second month is open', async () => {
    const { membership } = await running.members.getOwnMembership({}, asks);
    return membership?.state === MemberState.ACTIVE && membership.periodUntilMs > membership.nowMs;
  });
  await assertAgreed(running, 2);
}

async function assertAgreed(running: RunningBilling, times: number): Promise<void> {
  const taken = [...(await running.statement('a1'))].filter(([, { state }]) => state === 'succeeded').map(([key]) => key);
  const { invoices } = await running.billing.listOwnInvoices({}, running.asks({ accountId: 'a1' }));
  const { entitled } = await running.entitlements.getEntitlement({ accountId: 'a1' });
  assert.equal(taken.length, times, `taken ${taken.length} times, ${times} expected`);
  assert.deepEqual(invoices.map(({ chargeId }) => chargeId).sort(), taken.sort());
  assert.deepEqual(
    invoices.map(({ number }) => Number(number.slice(-6))).sort((one, other) => one - other),
    invoices.map((_, at) => at + 1),
  );
  assert.equal(entitled, times > 0);
}

/** How it ended: the signal, or its code. */
async function runChild(folder: string, scenario: string, card: Card, milestone: string): Promise<unknown> {
  const program = join(import.meta.dirname, 'billing-to-kill.ts');
  const child = spawn(process.execPath, [program, folder, scenario, CARDS[card], milestone], { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    return signal ?? code;
  } finally {
    child.kill('SIGKILL');
  }
}

function pairs(): [Milestone, Milestone][] {
  const after: readonly Milestone[] = ['outcome_kept', 'invoice_numbered', 'invoice_kept', 'member_told', 'period_kept'];
  return [
    ...after.map((second): [Milestone, Milestone] => ['charged', second]),
    ...after.slice(1).map((second): [Milestone, Milestone] => ['outcome_kept', second]),
  ];
}
