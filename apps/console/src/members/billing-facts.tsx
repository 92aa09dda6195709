import type { Charge, Invoice, ShowBillingResponse } from '@bioscope/billing/contract';
import type { ReactNode } from 'react';
import { day, moment, money } from '../design/format.ts';
import { Mark, type Tone } from '../design/mark.tsx';
import { texts } from '../texts.ts';

const TONES: Readonly<Record<string, Tone>> = { intended: 'busy', challenged: 'busy', succeeded: 'good', declined: 'bad', closed: 'quiet' };

/** What is known of an account's money, and every attempt to get some. */
export function BillingFacts({ billing: { billing, invoices, charges } }: { billing: ShowBillingResponse }): ReactNode {
  const words = texts.members;
  const digits = digitsBy(invoices);
  return (
    <>
      <dl className="facts">
        <div>
          <dt>{words.card}</dt>
          <dd>{billing?.card === undefined ? words.noCard : words.cardText(billing.card.brand, billing.card.last4)}</dd>
        </div>
        <div>
          <dt>{words.nextPayment}</dt>
          <dd>
            {billing === undefined || billing.nextChargeAtMs === 0
              ? words.noPayment
              : `${money(billing.nextAmountMinor, billing.currency, billing.currencyDigits)}, ${day(billing.nextChargeAtMs)}`}
          </dd>
        </div>
      </dl>
      {billing === undefined || billing.failure === '' ? null : <p className="bad">{billing.failure}</p>}
      <h3>{words.payments}</h3>
      {charges.length === 0 ? <p className="quiet">{words.noPayments}</p> : null}
      <ul className="rows">
        {charges.map((charge) => (
          <ChargeRow key={charge.id} charge={charge} digits={digits.get(charge.currency) ?? billing?.currencyDigits ?? 2} />
        ))}
      </ul>
      <h3>{words.invoices}</h3>
      {invoices.length === 0 ? <p className="quiet">{words.noInvoices}</p> : null}
      <ul className="rows">
        {invoices.map((invoice) => (
          <li key={invoice.number} className="row">
            <span className="row-main">
              <strong>{invoice.number}</strong>
            </span>
            <span className="row-side">
              {money(invoice.totalMinor, invoice.currency, invoice.currencyDigits)} <span className="quiet">{day(invoice.issuedAtMs)}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function ChargeRow({ charge, digits }: { charge: Charge; digits: number }): ReactNode {
  return (
    <li className="row">
      <span className="row-main">
        <strong>{money(charge.amountMinor, charge.currency, digits)}</strong>
        <span className="quiet">
          {moment(charge.intendedAtMs)}
          {charge.reason === '' ? '' : ` · ${charge.reason}`}
          {charge.processorReference === '' ? '' : ` · ${charge.processorReference}`}
        </span>
      </span>
      <span className="row-side">
        <Mark tone={TONES[charge.state] ?? 'quiet'}>{charge.state}</Mark>
      </span>
    </li>
  );
}

/** Charges name their currency without its digits; invoices know them. */
function digitsBy(invoices: readonly Invoice[]): ReadonlyMap<string, number> {
  return new Map(invoices.map(({ currency, currencyDigits }) => [currency, currencyDigits]));
}
