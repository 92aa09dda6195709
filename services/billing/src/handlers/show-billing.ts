import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Passport } from '@bioscope/passport';
import { RpcError } from '@bioscope/rpc';

import type {
  BillingSchema,
  GetOwnBillingResponseSchema,
  ListOwnInvoicesResponseSchema,
  ShowBillingRequest,
  ShowBillingResponseSchema,
} from '../../contract/index.ts';
import { isFailed, openCharge, type Account } from '../domain/account.ts';
import { dueStep } from '../domain/next-step.ts';
import { nextRetryMs } from '../domain/retry-schedule.ts';
import type { MemberStanding } from '../memberships.ts';
import type { BillingParts } from '../parts.ts';
import { requireAccount } from './requests.ts';
import { cardView, challengePath, chargeViews, invoiceViews } from './views.ts';

type Asks = Pick<Passport, 'accountId'>;

export async function getOwnBilling(parts: BillingParts, asks: Asks): Promise<MessageInitShape<typeof GetOwnBillingResponseSchema>> {
  const accountId = requireAccount(asks);
  const { account } = await parts.store.read(accountId);
  return { billing: await billingView(parts, accountId, account) };
}

export async function listOwnInvoices(parts: BillingParts, asks: Asks): Promise<MessageInitShape<typeof ListOwnInvoicesResponseSchema>> {
  return { invoices: invoiceViews((await parts.store.read(requireAccount(asks))).account) };
}

/** What operators see of a member's money. */
export async function showBilling(
  parts: BillingParts,
  { accountId }: ShowBillingRequest,
): Promise<MessageInitShape<typeof ShowBillingResponseSchema>> {
  if (accountId === '' || accountId.length > ACCOUNT_ID_MAX) throw new RpcError('invalid_argument', 'account_id is wanted');
  const { account } = await parts.store.read(accountId);
  return { billing: await billingView(parts, accountId, account), invoices: invoiceViews(account), charges: chargeViews(account) };
}

async function billingView(parts: BillingParts, accountId: string, account: Account): Promise<MessageInitShape<typeof BillingSchema>> {
  const open = openCharge(account);
  const newest = [...account.charges.values()].at(-1);
  const view = {
    ...(account.method === null ? {} : { card: cardView(account.method) }),
    openChargeId: open?.chargeId ?? '',
    openChallengePath: open?.state === 'challenged' ? challengePath(open.challengeId) : '',
    failure: newest !== undefined && isFailed(newest) ? newest.because : '',
  };
  if (account.period === null) return view;
  const standing = await parts.memberships.standing(accountId);
  const nextMs = nextChargeMs(account, standing);
  if (nextMs === null) return view;
  const { amountMinor, currency, currencyDigits } = await parts.memberships.priceOf(standing.renewalPriceId);
  return { ...view, nextChargeAtMs: nextMs, nextAmountMinor: amountMinor, currency, currencyDigits };
}

/** Null when none is to come. */
function nextChargeMs(account: Account, standing: MemberStanding): number | null {
  const { state, periodUntilMs, nowMs } = standing;
  if (state === 'trial' || state === 'active') return periodUntilMs;
  if (state !== 'past_due' && state !== 'on_hold') return null;
  if (dueStep(account, standing).do === 'charge_renewal') return nowMs;
  return account.dunning === null ? null : nextRetryMs(account.dunning);
}

const ACCOUNT_ID_MAX = 200;
