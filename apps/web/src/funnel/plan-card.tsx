import type { ReactNode } from 'react';
import { qualityName } from '../design/format.ts';
import { Icon } from '../design/icon.tsx';
import { priceText } from '../design/money.ts';
import { locale, text } from '../texts.ts';
import './funnel.css';
import type { Offer } from './offer.ts';

/** The name of a plan; one that is newer than this page is called by its id. */
export function planName(planId: string): string {
  return isKnown(planId) ? text(`plan.${planId}`) : planId;
}

const KNOWN = ['mobile', 'basic', 'standard', 'premium'] as const;

function isKnown(planId: string): planId is (typeof KNOWN)[number] {
  return KNOWN.some((known) => known === planId);
}

/** A plan: what it gives, what it costs here, and what can be done with it. */
export function PlanCard({ offer, mark, children }: { offer: Offer; mark?: string | undefined; children?: ReactNode }): ReactNode {
  const { plan, price } = offer;
  const gives = [
    text('plan.qualityUpTo', { quality: qualityName(plan.heightMax) }),
    text('plan.streams', { count: plan.streamsMax }),
    text('plan.devices', { count: plan.devicesMax }),
    text('plan.downloads', { count: plan.downloadDevicesMax }),
    ...(plan.extraMembersMax > 0 ? [text('plan.extraMembers', { count: plan.extraMembersMax })] : []),
  ];
  return (
    <li className={mark === undefined ? 'plan' : 'plan plan-marked'}>
      <h2>
        {planName(plan.id)}
        {mark === undefined ? null : <span className="badge">{mark}</span>}
      </h2>
      <p className="plan-price">{text('plan.perMonth', { price: priceText(price, locale()) })}</p>
      <ul className="plan-gives">
        {gives.map((line) => (
          <li key={line}>
            <Icon name="check" />
            {line}
          </li>
        ))}
      </ul>
      {children}
    </li>
  );
}
