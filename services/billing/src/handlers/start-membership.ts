import type { Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';

import type { BillingEvent, Bought, PaymentMethod, StartMembershipRequest } from '../../contract/index.ts';
import { advanceAccount } from '../advance-account.ts';
import { changeAccount } from '../change-account.ts';
import { inTime } from '../in-time.ts';
import { openCharge, openTrial, type Account } from '../domain/account.ts';
import { countryOfStart, refusalOfStart } from '../domain/decide-start.ts';
import { firstPeriod } from '../domain/periods.ts';
import type { BillingParts } from '../parts.ts';
import { settlePayment, takePayment } from '../take-payment.ts';
import { requireGrownUp, requireCommandId, requireToken } from './requests.ts';
import { paymentView, pendingView, refusedView, trialView, type Payment } from './views.ts';
import { waiting } from './waiting.ts';

type Asks = Pick<Passport, 'accountId' | 'isKids' | 'country' | 'countryFrom'>;

/** Sign-up and rejoin. What was asked for under a command id before is brought on and answered, never begun again. */
export async function startMembership(
  parts: BillingParts,
  request: StartMembershipRequest,
  asks: Asks,
  call: RequestContext,
): Promise<Payment> {
  const accountId = requireGrownUp(asks);
  const commandId = requireCommandId(request.commandId);
  const token = requireToken(request.paymentToken);
  const startId = `${accountId}.start.${commandId}`;

  const { account } = await parts.store.read(accountId);
  if (account.starts.has(startId)) return inTime(waiting(parts, call), answerOf(parts, accountId, startId), pendingView(startId));
  if (openTrial(account) !== null || (await isBusy(parts, accountId, account))) return refusedView('payment_under_way');

  const where = countryOfStart(asks, request.country);
  if ('refused' in where) return refusedView(where.refused);
  const standing = await parts.memberships.standing(accountId, call);
  const refusal = refusalOfStart(standing.state);
  if (refusal !== null) return refusedView(refusal);
  const offer = await parts.memberships.offer({ planId: request.planId, country: where.country, atMs: standing.nowMs }, call);
  if (offer === null) return refusedView('plan_not_offered_here');
  const card = await parts.processor.describe(token, accountId);
  if (card === null) return refusedView('unknown_card');
  await parts.memberships.choosePlan({ accountId, planId: request.planId, country: where.country, commandId: startId }, call);

  const method: PaymentMethod = { methodId: await parts.store.keepToken(accountId, token), ...card };
  const trialDays = standing.wasMember ? 0 : offer.trialDays;
  const wallMs = parts.nowMs();
  await parts.wakeups.at(accountId, wallMs + parts.config.answerMsMax);
  parts.reached('woken');
  const events = eventsOf({
    startId,
    ...where,
    countryFrom: asks.countryFrom,
    bought: offer.bought,
    trialDays,
    method,
    atMs: standing.nowMs,
    wallMs,
  });
  const begun = await changeAccount(parts.store, { accountId, commandId: startId }, (written) =>
    openCharge(written.account) === null && openTrial(written.account) === null ? events : [],
  );
  parts.reached('intended');
  if (!begun.account.starts.has(startId)) return refusedView('payment_under_way');
  const charge = begun.account.charges.get(startId);
  const paying = begun.isOurs && charge !== undefined ? takePayment(parts, accountId, charge) : Promise.resolve();
  return inTime(
    waiting(parts, call),
    paying.then(() => answerOf(parts, accountId, startId)),
    pendingView(startId),
  );
}

type Begun = {
  readonly startId: string;
  readonly country: string;
  readonly countryFrom: string;
  readonly bought: Bought;
  readonly trialDays: number;
  readonly method: PaymentMethod;
  readonly atMs: number;
  readonly wallMs: number;
};

/** The request and, unless there is a trial, the intent to charge: one append, all or nothing. */
function eventsOf({ startId, country, countryFrom, bought, trialDays, method, atMs, wallMs }: Begun): readonly BillingEvent[] {
  const requested: BillingEvent = { type: 'start.requested', atMs, startId, country, countryFrom, trialDays, method, ...bought };
  if (trialDays > 0) return [requested];
  const period = firstPeriod(atMs);
  return [
    requested,
    { type: 'charge.intended', atMs, wallMs, chargeId: startId, purpose: 'start', country, period, method, dueAtMs: atMs, ...bought },
  ];
}

/** Whether a payment is under way. One that only waits for the bank's question is given up: the member is here again, with this card or another. */
async function isBusy(parts: BillingParts, accountId: string, account: Account): Promise<boolean> {
  const open = openCharge(account);
  if (open === null) return false;
  if (open.state !== 'challenged') return true;
  await settlePayment(parts, accountId, { charge: open, giveUp: true });
  await advanceAccount(parts, accountId);
  return openCharge((await parts.store.read(accountId)).account) !== null;
}

/** Brings the account on as far as it goes now. What cannot be done now is done later, and the answer says that it is pending. */
async function answerOf(parts: BillingParts, accountId: string, startId: string): Promise<Payment> {
  await advanceAccount(parts, accountId).catch((err: unknown) => parts.log.warn({ err, accountId }, 'a start could not be brought on yet'));
  const { account } = await parts.store.read(accountId);
  const charge = account.charges.get(startId);
  if (charge !== undefined) return paymentView(charge);
  const start = account.starts.get(startId);
  return start === undefined ? refusedView('payment_under_way') : trialView(start);
}
