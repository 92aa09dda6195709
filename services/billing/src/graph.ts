import type { GraphContext, OwnMethods, ResolverMap } from '@bioscope/graph';
import { graphRefusal } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';

import {
  PaymentStatusSchema,
  type Billing,
  type BillingService,
  type Invoice,
  type InvoiceLine,
  type PaymentResponse,
} from '../contract/index.ts';
import type { OwnerGuard } from './owner-guard.ts';

type Own = Pick<
  OwnMethods<typeof BillingService>,
  'startMembership' | 'confirmPayment' | 'updateCard' | 'getOwnBilling' | 'listOwnInvoices'
>;
type Context = GraphContext<Passport, null>;
type Money = { readonly amountMinor: number; readonly currency: string; readonly digits: number };
type Line = InvoiceLine & Pick<Money, 'currency' | 'digits'>;

/** Billing's part of the graph (`schema.graphql`). */
export function billingResolvers(own: Own, guard: OwnerGuard): ResolverMap {
  const command =
    <A>(run: (given: A, context: Context) => Promise<PaymentResponse>) =>
    async (_root: unknown, given: A, context: Context): Promise<PaymentResponse> => {
      if (context.asker.accountId === '') throw graphRefusal('SIGN_IN_NEEDED', 'Sign in first.');
      const refused = await guard(context.call);
      if (refused !== null)
        throw graphRefusal(refused.because.toUpperCase(), 'The account may not be changed from here now.', { lifts: refused.lifts });
      return run(given, context);
    };
  return {
    Query: {
      billing: async (_root: unknown, _arguments: object, { asker, call }: Context) =>
        asker.accountId === '' ? null : (await own.getOwnBilling({}, call)).billing,
      invoices: async (_root: unknown, _arguments: object, { asker, call }: Context) =>
        asker.accountId === '' ? [] : (await own.listOwnInvoices({}, call)).invoices,
    },
    Mutation: {
      startMembership: command<{ commandId: string; planId: string; country: string; paymentToken: string }>((given, { call }) =>
        own.startMembership(given, call),
      ),
      confirmPayment: command<{ chargeId: string }>(({ chargeId }, { call }) => own.confirmPayment({ chargeId }, call)),
      updateCard: command<{ commandId: string; paymentToken: string }>((given, { call }) => own.updateCard(given, call)),
    },
    Payment: {
      status: ({ status }: PaymentResponse) => PaymentStatusSchema.value[status]?.localName ?? 'PENDING',
      reason: ({ reason }: PaymentResponse) => reason || null,
      chargeId: ({ chargeId }: PaymentResponse) => chargeId || null,
      challengePath: ({ challengePath }: PaymentResponse) => challengePath || null,
      invoiceNumber: ({ invoiceNumber }: PaymentResponse) => invoiceNumber || null,
    },
    Billing: {
      card: ({ card }: Billing) => card ?? null,
      nextChargeAtMs: ({ nextChargeAtMs }: Billing) => nextChargeAtMs || null,
      nextAmount: ({ nextChargeAtMs, nextAmountMinor: amountMinor, currency, currencyDigits: digits }: Billing): Money | null =>
        nextChargeAtMs === 0 ? null : { amountMinor, currency, digits },
      openChargeId: ({ openChargeId }: Billing) => openChargeId || null,
      openChallengePath: ({ openChallengePath }: Billing) => openChallengePath || null,
      failure: ({ failure }: Billing) => failure || null,
    },
    Invoice: {
      total: ({ totalMinor: amountMinor, currency, currencyDigits: digits }: Invoice): Money => ({ amountMinor, currency, digits }),
      lines: ({ lines, currency, currencyDigits: digits }: Invoice): Line[] => lines.map((line) => ({ ...line, currency, digits })),
      card: ({ card }: Invoice) => card ?? null,
    },
    InvoiceLine: {
      plan: ({ planId }: Line) => (planId === '' ? null : { id: planId }),
      amount: ({ amountMinor, currency, digits }: Line): Money => ({ amountMinor, currency, digits }),
    },
  };
}
