import { useCallback, useState, type ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { priceText } from '../design/money.ts';
import { Problem } from '../design/problem.tsx';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse } from '../member/member-context.tsx';
import { START_MEMBERSHIP } from '../membership/operations.ts';
import { PaymentSteps } from '../membership/payment-steps.tsx';
import { mayWatch, type Standing } from '../membership/standing.ts';
import { usePayment } from '../membership/use-payment.ts';
import { useStanding } from '../membership/use-standing.ts';
import { pathOf } from '../router.ts';
import { locale, text } from '../texts.ts';
import type { Offer } from './offer.ts';
import { planName } from './plan-card.tsx';
import { STEPS } from './steps.ts';
import { useMembersOffers } from './use-offers.ts';

/** The last step: the card, at the price of the country. */
export default function PayPage({ planId }: { planId: string }): ReactNode {
  const { remote, retry } = useMembersOffers(null);
  const standing = useStanding();
  if (remote.kind === 'failed') return <Problem error={remote.error} retry={retry} />;
  if (standing.remote.kind === 'failed') return <Problem error={standing.remote.error} retry={standing.retry} />;
  if (remote.kind === 'loading' || standing.remote.kind === 'loading')
    return <QuietPage name={text('signUp.paymentTitle')} heading={text('signUp.paymentTitle')} />;
  const { country, offers, trialDays } = remote.value;
  const offer = offers.find(({ plan }) => plan.id === planId);
  if (country === null || offer === undefined)
    return (
      <QuietPage name={text('signUp.paymentTitle')} heading={text('plan.noneHere')}>
        <Link to={pathOf.choosePlan} className="button">
          {text('action.back')}
        </Link>
      </QuietPage>
    );
  return <Pay offer={offer} country={country} trialDays={trialDays} standing={standing.remote.value} />;
}

type PayProps = { offer: Offer; country: string; trialDays: number; standing: Standing };

function Pay({ offer, country, trialDays, standing }: PayProps): ReactNode {
  const { doors } = useHouse();
  const { membership, billing } = standing;
  const [isDone, setDone] = useState(membership !== null && mayWatch(membership));
  const { plan, price } = offer;
  const pay = useCallback(
    async (paymentToken: string, commandId: string) =>
      (await doors.ask(START_MEMBERSHIP, { commandId, planId: plan.id, country, paymentToken })).startMembership,
    [doors, plan.id, country],
  );
  const chargeId = billing?.openChargeId ?? null;
  const challengePath = billing?.openChallengePath ?? null;
  const payment = usePayment(pay, chargeId === null || challengePath === null ? null : { chargeId, challengePath });
  const done = useCallback(() => setDone(true), []);
  if (isDone) return <Done />;
  const isTrial = trialDays > 0 && membership?.wasMember === false;
  const wasMember = membership?.wasMember === true;
  return (
    <QuietPage
      name={text('signUp.paymentTitle')}
      step={wasMember ? undefined : text('signUp.step', { step: 3, steps: STEPS })}
      heading={text('signUp.paymentTitle')}
      lead={text('payment.summary', { plan: planName(plan.id), price: priceText(price, locale()) })}
    >
      <PaymentSteps
        payment={payment}
        action={isTrial ? text('payment.startTrial') : text('payment.pay', { price: priceText(price, locale()) })}
        amountDigits={price.currencyDigits}
        done={done}
        also={
          <Link to={pathOf.choosePlan} className="text-link">
            {text('account.changePlan')}
          </Link>
        }
      />
      <p className="field-hint">{text('payment.legal')}</p>
    </QuietPage>
  );
}

function Done(): ReactNode {
  return (
    <QuietPage name={text('signUp.doneTitle')} heading={text('signUp.doneTitle')} lead={text('payment.doneTitle')}>
      <p>{text('signUp.doneText')}</p>
      <div className="actions">
        <Link to={pathOf.profiles} className="button button-light">
          {text('action.continue')}
        </Link>
      </div>
    </QuietPage>
  );
}
