import type { InvoiceFacts } from '../../contract/events.ts';
import type { Charge } from './account.ts';

/** The invoice of a charge that succeeded: the same whenever it is asked for. */
export function invoiceOf(accountId: string, charge: Charge): InvoiceFacts {
  const { chargeId, country, currency, currencyDigits, amountMinor, planId, priceId, period, method, atMs } = charge;
  const lines = [
    { kind: 'subscription', planId, priceId, periodFromMs: period.fromMs, periodUntilMs: period.untilMs, amountMinor } as const,
  ];
  return { chargeId, accountId, country, currency, currencyDigits, totalMinor: amountMinor, lines, method, issuedAtMs: atMs };
}

/** The series that numbers it: the year of the intent by the real clock, which a repetition after a kill does not change. */
export function seriesOf({ wallMs }: Charge): number {
  return new Date(wallMs).getUTCFullYear();
}
