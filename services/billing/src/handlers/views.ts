import type { MessageInitShape } from '@bufbuild/protobuf';

import {
  PaymentStatus,
  type CardSchema,
  type ChargeSchema,
  type InvoiceSchema,
  type PaymentMethod,
  type PaymentResponseSchema,
} from '../../contract/index.ts';
import type { Account, Charge, Start } from '../domain/account.ts';

export type Payment = MessageInitShape<typeof PaymentResponseSchema>;

/** What has become of a payment, for the member who asked for it. */
export function paymentView(charge: Charge): Payment {
  const { chargeId, state, isTold, invoiceNumber, challengeId, because } = charge;
  switch (state) {
    case 'intended':
      return pendingView(chargeId);
    case 'challenged':
      return { status: PaymentStatus.STEP_UP_NEEDED, chargeId, challengePath: challengePath(challengeId) };
    case 'succeeded':
      return { status: isTold ? PaymentStatus.DONE : PaymentStatus.PENDING, chargeId, invoiceNumber };
    case 'declined':
    case 'closed':
      return { status: PaymentStatus.REFUSED, chargeId, reason: because };
    default:
      return state satisfies never;
  }
}

export function trialView({ isOpened }: Start): Payment {
  return { status: isOpened ? PaymentStatus.DONE : PaymentStatus.PENDING };
}

export function pendingView(chargeId: string): Payment {
  return { status: PaymentStatus.PENDING, chargeId };
}

export function refusedView(reason: string): Payment {
  return { status: PaymentStatus.REFUSED, reason };
}

export function challengePath(challengeId: string): string {
  return challengeId === '' ? '' : `/sandbox/challenges/${challengeId}`;
}

export function cardView({ brand, last4, expiresMonth, expiresYear }: PaymentMethod): MessageInitShape<typeof CardSchema> {
  return { brand, last4, expiresMonth, expiresYear };
}

/** Newest first. */
export function invoiceViews({ invoices }: Account): MessageInitShape<typeof InvoiceSchema>[] {
  return invoices.toReversed().map(({ number, chargeId, issuedAtMs, currency, currencyDigits, totalMinor, lines, country, method }) => ({
    number,
    chargeId,
    issuedAtMs,
    currency,
    currencyDigits,
    totalMinor,
    lines: lines.map((line) => ({ ...line })),
    country,
    card: cardView(method),
  }));
}

/** Newest first. */
export function chargeViews({ charges }: Account): MessageInitShape<typeof ChargeSchema>[] {
  return [...charges.values()].toReversed().map(({ chargeId, state, amountMinor, currency, because, atMs, reference }) => ({
    id: chargeId,
    state,
    amountMinor,
    currency,
    reason: because,
    intendedAtMs: atMs,
    processorReference: reference,
  }));
}
