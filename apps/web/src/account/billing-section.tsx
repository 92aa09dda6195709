import { useMemo, type ReactNode } from 'react';
import { useRemote } from '../api/use-remote.ts';
import { Link } from '../design/link.tsx';
import { day, money } from '../design/money.ts';
import { planName } from '../funnel/plan-card.tsx';
import { useHouse } from '../member/member-context.tsx';
import type { PaymentCard, Standing } from '../membership/standing.ts';
import { pathOf } from '../router.ts';
import { locale, paymentWords, text } from '../texts.ts';
import { INVOICES, type Invoice } from './operations.ts';
import { Row, Section } from './section.tsx';

export function BillingSection({ standing: { billing } }: { standing: Standing }): ReactNode {
  const { doors } = useHouse();
  const question = useMemo(
    () => ({ key: 'invoices', ask: async (signal: AbortSignal) => (await doors.ask(INVOICES, {}, { signal })).invoices }),
    [doors],
  );
  const { remote } = useRemote<readonly Invoice[]>(question);
  if (billing === null) return null;
  const { card, nextAmount, nextChargeAtMs, failure } = billing;
  const tag = locale();
  return (
    <Section heading={text('billing.heading')}>
      <Row
        name={text('billing.next')}
        value={
          nextAmount === null || nextChargeAtMs === null
            ? text('billing.noneNext')
            : text('billing.nextText', {
                price: money(nextAmount.amountMinor, nextAmount.currency, nextAmount.digits, tag),
                date: day(nextChargeAtMs, tag),
              })
        }
      />
      <Row
        name={text('billing.method')}
        value={
          card === null
            ? text('billing.noMethod')
            : `${cardName(card)} · ${text('card.validUntil', { month: String(card.expiresMonth).padStart(2, '0'), year: String(card.expiresYear) })}`
        }
      >
        <Link to={pathOf.updateCard} className="button">
          {text('billing.updateCard')}
        </Link>
      </Row>
      {failure === null ? null : (
        <output className="form-problem">
          {text('billing.failure')} {paymentWords(failure).title}
        </output>
      )}
      <h3>{text('billing.invoices')}</h3>
      {remote.kind === 'ready' ? <Invoices invoices={remote.value} /> : null}
    </Section>
  );
}

function Invoices({ invoices }: { invoices: readonly Invoice[] }): ReactNode {
  const tag = locale();
  if (invoices.length === 0) return <p className="quiet-note">{text('billing.noInvoices')}</p>;
  return (
    <div className="invoices">
      <table>
        <thead>
          <tr>
            <th scope="col">{text('billing.date')}</th>
            <th scope="col">{text('billing.period')}</th>
            <th scope="col">{text('billing.paidWith')}</th>
            <th scope="col">{text('billing.total')}</th>
          </tr>
        </thead>
        <tbody>
          {invoices.map(({ number, issuedAtMs, total, lines, card }) => (
            <tr key={number}>
              <td>
                {day(issuedAtMs, tag)}
                <small>{text('billing.invoice', { number })}</small>
              </td>
              <td>
                {lines.map(({ plan, periodFromMs, periodUntilMs }) => (
                  <span key={periodFromMs}>
                    {plan === null ? '' : planName(plan.id)}
                    <small>{text('billing.periodFromTo', { from: day(periodFromMs, tag), until: day(periodUntilMs, tag) })}</small>
                  </span>
                ))}
              </td>
              <td>{card === null ? '' : cardName(card)}</td>
              <td>{money(total.amountMinor, total.currency, total.digits, tag)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function cardName({ brand, last4 }: Pick<PaymentCard, 'brand' | 'last4'>): string {
  return text('card.ending', { brand: brand.slice(0, 1).toUpperCase() + brand.slice(1), last4 });
}
