import { useEffect, useState, type ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { countryName, priceText } from '../design/money.ts';
import { Problem } from '../design/problem.tsx';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useStanding } from '../membership/use-standing.ts';
import { mayWatch } from '../membership/standing.ts';
import { goTo, pathOf } from '../router.ts';
import { locale, text } from '../texts.ts';
import { CountryChoice } from './country-choice.tsx';
import { PlanCard, planName } from './plan-card.tsx';
import { STEPS } from './steps.ts';
import { useMembersOffers } from './use-offers.ts';

/** The second step, and the first for those who come back. */
export default function ChoosePlanPage(): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null);
  const { remote, retry } = useMembersOffers(chosen);
  const standing = useStanding();
  const membership = standing.remote.kind === 'ready' ? standing.remote.value.membership : null;
  const isMember = membership !== null && mayWatch(membership);
  useEffect(() => {
    if (isMember) goTo(pathOf.changePlan, 'replace');
  }, [isMember]);
  if (remote.kind === 'failed') return <Problem error={remote.error} retry={retry} />;
  const offers = remote.kind === 'ready' ? remote.value : null;
  const trialDays = membership?.wasMember === false ? (offers?.trialDays ?? 0) : 0;
  return (
    <QuietPage
      name={text('signUp.planTitle')}
      step={membership?.wasMember === true ? undefined : text('signUp.step', { step: 2, steps: STEPS })}
      heading={text('signUp.planTitle')}
      lead={membership?.wasMember === true ? text('account.rejoinText') : text('signUp.planText')}
      wide
    >
      {offers?.country == null ? null : (
        <p className="quiet-note">{text('plan.yourCountry', { country: countryName(offers.country, locale()) })}</p>
      )}
      {offers?.country === null || chosen !== null ? <CountryChoice country={chosen ?? ''} choose={setChosen} /> : null}
      {offers !== null && offers.country !== null && offers.offers.length === 0 ? <p>{text('plan.noneHere')}</p> : null}
      {trialDays > 0 ? <p className="badge">{text('plan.trial', { days: trialDays })}</p> : null}
      <ul className="plans" aria-busy={offers === null}>
        {(offers?.offers ?? []).map((offer) => (
          <PlanCard key={offer.plan.id} offer={offer} mark={offer.plan.id === membership?.plan?.id ? text('plan.chosen') : undefined}>
            {trialDays > 0 ? <p className="field-hint">{text('plan.trialThen', { price: priceText(offer.price, locale()) })}</p> : null}
            <Link to={pathOf.pay(offer.plan.id)} className="button button-light">
              {text('plan.choose', { plan: planName(offer.plan.id) })}
            </Link>
          </PlanCard>
        ))}
      </ul>
      <p className="quiet-note">{text('plan.taxIncluded')}</p>
    </QuietPage>
  );
}
