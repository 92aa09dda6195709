import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import { PaymentStatus, type ConfirmPaymentRequest, type PaymentMethod, type UpdateCardRequest } from '../../contract/index.ts';
import { advanceAccount } from '../advance-account.ts';
import { changeAccount } from '../change-account.ts';
import { openCharge, type Charge } from '../domain/account.ts';
import { inTime } from '../in-time.ts';
import type { BillingParts } from '../parts.ts';
import type { WrittenAccount } from '../store.ts';
import { settlePayment } from '../take-payment.ts';
import { requireGrownUp, requireCommandId, requireToken } from './requests.ts';
import { paymentView, pendingView, refusedView, type Payment } from './views.ts';
import { waiting } from './waiting.ts';

type Asks = Pick<Passport, 'accountId' | 'isKids'>;

/** Another card from now on. A payment that is missing is tried with it at once; the answer says what came of that. */
export async function updateCard(parts: BillingParts, request: UpdateCardRequest, asks: Asks, call: RequestContext): Promise<Payment> {
  const accountId = requireGrownUp(asks);
  const commandId = `card:${requireCommandId(request.commandId)}`;
  const token = requireToken(request.paymentToken);
  const card = await parts.processor.describe(token, accountId);
  if (card === null) return refusedView('unknown_card');
  const method: PaymentMethod = { methodId: await parts.store.keepToken(accountId, token), ...card };
  const atMs = parts.nowMs();
  await parts.wakeups.at(accountId, atMs + parts.config.answerMsMax);
  const changed = await changeAccount(parts.store, { accountId, commandId }, () => [{ type: 'method.set', atMs, method }]);
  return inTime(waiting(parts, call), tryCard(parts, changed), pendingView(''));
}

/** Tries a payment that is missing with the card that the account has now. */
async function tryCard(parts: BillingParts, { accountId, account: before }: WrittenAccount): Promise<Payment> {
  // A step-up with the old card is not waited for any more.
  const open = openCharge(before);
  if (open?.state === 'challenged' && open.method.methodId !== before.method?.methodId)
    await settlePayment(parts, accountId, { charge: open, giveUp: true });
  await advanceAccount(parts, accountId);
  const { account } = await parts.store.read(accountId);
  const underWay = openCharge(account);
  // With the old card: when it fails the new one is tried at once, by whoever waits for it now.
  if (underWay !== null && underWay.method.methodId !== account.method?.methodId) return pendingView(underWay.chargeId);
  const tried = [...account.charges.values()].findLast((charge) => charge.method.methodId === account.method?.methodId);
  return tried === undefined ? { status: PaymentStatus.DONE } : paymentView(tried);
}

/** What has become of a payment after the member answered the bank. */
export async function confirmPayment(
  parts: BillingParts,
  { chargeId }: ConfirmPaymentRequest,
  asks: Asks,
  call: RequestContext,
): Promise<Payment> {
  const accountId = requireGrownUp(asks);
  const charge = (await parts.store.read(accountId)).account.charges.get(chargeId);
  if (charge === undefined) throw new RpcError('not_found', 'there is no such payment');
  return inTime(waiting(parts, call), confirmed(parts, accountId, charge), pendingView(chargeId));
}

async function confirmed(parts: BillingParts, accountId: string, charge: Charge): Promise<Payment> {
  if (charge.state === 'challenged') await settlePayment(parts, accountId, { charge, giveUp: false });
  await advanceAccount(parts, accountId);
  return paymentView((await parts.store.read(accountId)).account.charges.get(charge.chargeId) ?? charge);
}
