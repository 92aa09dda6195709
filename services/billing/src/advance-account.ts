import { changeAccount } from './change-account.ts';
import type { Account, Charge, Start } from './domain/account.ts';
import { dueStep, openStep, type OpenStep } from './domain/next-step.ts';
import { firstPeriod, periodAfter, trialPeriod } from './domain/periods.ts';
import { holdAtMs, lapseAtMs } from './domain/retry-schedule.ts';
import { invoiceOf, seriesOf } from './domain/invoice.ts';
import type { MemberStanding } from './memberships.ts';
import type { BillingParts } from './parts.ts';
import { settlePayment, takePayment } from './take-payment.ts';

/** A period takes four steps; twenty periods at once would be a clock that ran away. */
const STEPS_MAX = 100;

/**
 * Does what is to be done for an account until there is nothing left but to wait, and leaves a wakeup for then. Every step lasts and may be
 * repeated; anybody may call this at any time, several at once. Rejects when something that it needs does not answer: call again later.
 */
export async function advanceAccount(parts: BillingParts, accountId: string): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const { account } = await parts.store.read(accountId);
    const open = openStep(account, parts.config.answerMsMax, parts.nowMs());
    if (open?.do === 'wait') return parts.wakeups.at(accountId, open.untilWallMs);
    if (open !== null) {
      await takeOpenStep(parts, accountId, open);
      continue;
    }
    if (account.period === null) return;
    const standing = await parts.memberships.standing(accountId);
    const due = dueStep(account, standing);
    if (due.do === 'rest') return;
    if (due.do === 'wait') return parts.wakeups.at(accountId, due.untilMs - standing.aheadMs);
    await chargeRenewal(parts, accountId, { account, standing, isAnew: due.isAnew });
  }
  throw new Error(`account ${accountId} was not through after ${STEPS_MAX} steps`);
}

async function takeOpenStep(parts: BillingParts, accountId: string, step: Exclude<OpenStep, { do: 'wait' }>): Promise<void> {
  switch (step.do) {
    case 'settle':
      return settlePayment(parts, accountId, { charge: step.charge, giveUp: true });
    case 'issue_invoice':
      return issueInvoice(parts, accountId, step.charge);
    case 'open_period':
      return openPeriod(parts, accountId, step.charge);
    case 'tell_failure':
      return tellFailure(parts, accountId, step.charge);
    case 'begin_trial':
      return beginTrial(parts, accountId, step.start);
    default:
      return step satisfies never;
  }
}

async function issueInvoice({ store, reached }: BillingParts, accountId: string, charge: Charge): Promise<void> {
  const invoice = invoiceOf(accountId, charge);
  const number = await store.numberInvoice(seriesOf(charge), invoice);
  reached('invoice_numbered');
  const commandId = `${charge.chargeId}/invoice`;
  await changeAccount(store, { accountId, commandId }, () => [{ type: 'invoice.issued', atMs: charge.atMs, number, ...invoice }]);
  reached('invoice_kept');
}

async function openPeriod({ store, memberships, reached }: BillingParts, accountId: string, charge: Charge): Promise<void> {
  const { chargeId, period, country, purpose, atMs } = charge;
  const opening = { accountId, bought: charge, period, commandId: chargeId };
  await (purpose === 'start' ? memberships.activate({ ...opening, country }) : memberships.renew(opening));
  reached('member_told');
  const commandId = `${chargeId}/period`;
  await changeAccount(store, { accountId, commandId }, () => [{ type: 'period.opened', atMs, chargeId, startId: '', period }]);
  reached('period_kept');
}

async function tellFailure({ store, memberships, reached }: BillingParts, accountId: string, charge: Charge): Promise<void> {
  const { chargeId, because, dueAtMs, atMs } = charge;
  const dates = { holdAtMs: holdAtMs(dueAtMs), lapseAtMs: lapseAtMs(dueAtMs) };
  await memberships.reportPaymentFailed({ accountId, because, ...dates, commandId: chargeId });
  reached('member_told');
  await changeAccount(store, { accountId, commandId: `${chargeId}/told` }, () => [{ type: 'failure.told', atMs, chargeId }]);
}

async function beginTrial({ store, memberships, reached }: BillingParts, accountId: string, start: Start): Promise<void> {
  const { startId, country, trialDays, atMs } = start;
  const period = trialPeriod(atMs, trialDays);
  await memberships.beginTrial({ accountId, bought: start, period, country, commandId: startId });
  reached('member_told');
  const commandId = `${startId}/period`;
  await changeAccount(store, { accountId, commandId }, () => [{ type: 'period.opened', atMs, chargeId: '', startId, period }]);
  reached('period_kept');
}

/** The intent first, under a wakeup; then the processor. */
async function chargeRenewal(
  parts: BillingParts,
  accountId: string,
  { account, standing, isAnew }: { readonly account: Account; readonly standing: MemberStanding; readonly isAnew: boolean },
): Promise<void> {
  const { method, period: last, dunning } = account;
  if (method === null || last === null) throw new Error(`account ${accountId} is a member without a card or a period`);
  const bought = await parts.memberships.priceOf(standing.renewalPriceId);
  const dueAtMs = standing.periodUntilMs;
  const attempt = dunning?.dueAtMs === dueAtMs ? dunning.attempts + 1 : 1;
  const chargeId = `${accountId}.renewal.${dueAtMs}.${attempt}`;
  const wallMs = parts.nowMs();
  await parts.wakeups.at(accountId, wallMs + parts.config.answerMsMax);
  parts.reached('woken');
  const intended = await changeAccount(parts.store, { accountId, commandId: chargeId }, (written) => {
    // Somebody else began something meanwhile: that comes first.
    if (openStep(written.account, parts.config.answerMsMax, wallMs) !== null) return [];
    return [
      {
        type: 'charge.intended',
        atMs: standing.nowMs,
        wallMs,
        chargeId,
        purpose: 'renewal',
        country: standing.country,
        period: isAnew ? firstPeriod(standing.nowMs) : periodAfter(last),
        method: written.account.method ?? method,
        dueAtMs,
        ...bought,
      },
    ];
  });
  parts.reached('intended');
  const charge = intended.account.charges.get(chargeId);
  if (intended.isOurs && charge !== undefined) await takePayment(parts, accountId, charge);
}
