import { useState, type ReactNode } from 'react';
import './funnel.css';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { Link } from '../design/link.tsx';
import { countryName, priceText } from '../design/money.ts';
import { pathOf } from '../router.ts';
import { locale, text } from '../texts.ts';
import { CountryChoice } from './country-choice.tsx';
import { PlanCard } from './plan-card.tsx';
import { useOffers } from './use-offers.ts';

/** What a stranger sees first: what this is, and what it costs where they are. */
export default function LandingPage(): ReactNode {
  const [chosen, setChosen] = useState<string | null>(null);
  const { remote } = useOffers(chosen);
  const offers = remote.kind === 'ready' ? remote.value : null;
  const cheapest = offers?.offers[0];
  return (
    <PageFrame documentTitle={text('home.documentTitle')}>
      <section className="landing">
        <div className="landing-hero">
          <h1>{text('signUp.heroTitle')}</h1>
          <p>{text('signUp.heroText')}</p>
          <div className="actions">
            <Link to={pathOf.join} className="button button-light landing-start">
              {text('signUp.start')}
            </Link>
          </div>
          <p className="landing-price">
            {cheapest === undefined ? '\u00a0' : text('signUp.startingAt', { price: priceText(cheapest.price, locale()) })}
          </p>
        </div>
        {offers === null ? null : (
          <section className="landing-plans" aria-labelledby="plans">
            <h2 id="plans">
              {offers.country === null
                ? text('signUp.planTitle')
                : text('plan.yourCountry', { country: countryName(offers.country, locale()) })}
            </h2>
            {offers.country === null || chosen !== null ? <CountryChoice country={chosen ?? ''} choose={setChosen} /> : null}
            {offers.country !== null && offers.offers.length === 0 ? <p>{text('plan.noneHere')}</p> : null}
            <ul className="plans">
              {offers.offers.map((offer) => (
                <PlanCard key={offer.plan.id} offer={offer} />
              ))}
            </ul>
          </section>
        )}
      </section>
    </PageFrame>
  );
}
