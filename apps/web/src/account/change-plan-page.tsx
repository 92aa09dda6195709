import { useState, type ReactNode } from 'react';
import { randomId } from '../api/random-id.ts';
import { Link } from '../design/link.tsx';
import { day, priceText } from '../design/money.ts';
import { Problem } from '../design/problem.tsx';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import type { Offer } from '../funnel/offer.ts';
import { PlanCard, planName } from '../funnel/plan-card.tsx';
import { useOffers } from '../funnel/use-offers.ts';
import { useHouse } from '../member/member-context.tsx';
import { CHANGE_PLAN } from '../membership/operations.ts';
import { useStanding } from '../membership/use-standing.ts';
import { goTo, pathOf } from '../router.ts';
import { locale, membershipText, text } from '../texts.ts';

/** Another plan, after having been told what that means and when. */
export default function ChangePlanPage(): ReactNode {
  const { doors } = useHouse();
  const standing = useStanding();
  const membership = standing.remote.kind === 'ready' ? standing.remote.value.membership : null;
  const { remote, retry } = useOffers(membership?.country ?? null);
  const [chosen, setChosen] = useState<Offer | null>(null);
  const task = useTask();
  if (remote.kind === 'failed') return <Problem error={remote.error} retry={retry} />;
  if (standing.remote.kind === 'failed') return <Problem error={standing.remote.error} retry={standing.retry} />;
  const offers = remote.kind === 'ready' && membership !== null ? remote.value.offers : [];
  const current = offers.find(({ plan }) => plan.id === membership?.plan?.id);
  const name = text('account.changePlanTitle');
  const change = async (offer: Offer): Promise<string | undefined> => {
    const { changePlan } = await doors.ask(CHANGE_PLAN, { commandId: randomId(), planId: offer.plan.id });
    if (changePlan.refused !== null) return membershipText(changePlan.refused);
    goTo(pathOf.account, 'replace');
    return undefined;
  };
  if (chosen !== null) {
    const values = { price: priceText(chosen.price, locale()), date: day(membership?.periodUntilMs ?? 0, locale()) };
    const isGreater = chosen.plan.rank > (current?.plan.rank ?? 0);
    return (
      <QuietPage
        name={name}
        heading={text('account.changeConfirm', { plan: planName(chosen.plan.id) })}
        lead={isGreater ? text('account.changeUp', values) : text('account.changeDown', values)}
      >
        {task.problem === undefined ? null : <p role="alert">{task.problem}</p>}
        <div className="actions">
          <button type="button" className="button button-light" onClick={() => task.run(() => change(chosen))}>
            {task.working ? text('action.working') : text('account.changeConfirm', { plan: planName(chosen.plan.id) })}
          </button>
          <button type="button" className="button" onClick={() => setChosen(null)}>
            {text('action.back')}
          </button>
        </div>
      </QuietPage>
    );
  }
  return (
    <QuietPage name={name} heading={name} wide>
      <ul className="plans">
        {offers.map((offer) => (
          <PlanCard key={offer.plan.id} offer={offer} mark={offer === current ? text('plan.current') : undefined}>
            {offer === current ? null : (
              <button type="button" className="button button-light" onClick={() => setChosen(offer)}>
                {text('plan.choose', { plan: planName(offer.plan.id) })}
              </button>
            )}
          </PlanCard>
        ))}
      </ul>
      <Link to={pathOf.account} className="button">
        {text('action.back')}
      </Link>
    </QuietPage>
  );
}
