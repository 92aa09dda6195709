import type { ReactNode } from 'react';
import { randomId } from '../api/random-id.ts';
import { Link } from '../design/link.tsx';
import { day, priceText } from '../design/money.ts';
import { useTask } from '../design/use-task.ts';
import { planName } from '../funnel/plan-card.tsx';
import { useHouse } from '../member/member-context.tsx';
import { DROP_PLAN_CHANGE, UNDO_CANCEL } from '../membership/operations.ts';
import type { Membership, Standing } from '../membership/standing.ts';
import { pathOf } from '../router.ts';
import { locale, membershipText, text } from '../texts.ts';
import { Row, Section } from './section.tsx';

type MembershipSectionProps = { standing: Standing; createdAtMs: number; changed: () => void };

export function MembershipSection({ standing, createdAtMs, changed }: MembershipSectionProps): ReactNode {
  const { doors } = useHouse();
  const task = useTask();
  const { membership } = standing;
  if (membership === null) return null;
  const { state, plan, renewalPlan, periodUntilMs } = membership;
  const settle = (refused: string | null): string | undefined => {
    changed();
    return refused === null ? undefined : membershipText(refused);
  };
  const undo = async () => settle((await doors.ask(UNDO_CANCEL, { commandId: randomId() })).undoCancelMembership.refused);
  const drop = async () => settle((await doors.ask(DROP_PLAN_CHANGE, { commandId: randomId() })).cancelPlanChange.refused);
  const isMember = state === 'TRIAL' || state === 'ACTIVE';
  const waits = isMember && renewalPlan !== null && renewalPlan.id !== plan?.id ? renewalPlan.id : null;
  return (
    <Section heading={text('account.membership')}>
      <Row name={plan === null ? text('plan.current') : planName(plan.id)} value={stateText(standing, membership)}>
        {isMember ? (
          <Link to={pathOf.changePlan} className="button">
            {text('account.changePlan')}
          </Link>
        ) : null}
        {state === 'PAST_DUE' || state === 'ON_HOLD' ? (
          <Link to={pathOf.updateCard} className="button button-light">
            {text('billing.payNow')}
          </Link>
        ) : null}
        {state === 'ENDING' ? (
          <button type="button" className="button button-light" onClick={() => task.run(undo)}>
            {task.working ? text('action.working') : text('account.undoCancel')}
          </button>
        ) : null}
        {state === 'NONE' || state === 'FUNNEL' || state === 'LAPSED' ? (
          <Link to={pathOf.choosePlan} className="button button-light">
            {membership.wasMember ? text('account.rejoin') : text('account.join')}
          </Link>
        ) : null}
        {isMember || state === 'PAST_DUE' || state === 'ON_HOLD' ? (
          <Link to={pathOf.cancel} className="button">
            {text('account.cancel')}
          </Link>
        ) : null}
      </Row>
      {waits === null ? null : (
        <Row name={text('account.changeWaits', { plan: planName(waits), date: day(periodUntilMs ?? 0, locale()) })}>
          <button type="button" className="button" onClick={() => task.run(drop)}>
            {plan === null ? text('action.cancel') : text('account.changeDrop', { plan: planName(plan.id) })}
          </button>
        </Row>
      )}
      {task.problem === undefined ? null : <p role="alert">{task.problem}</p>}
      <p className="quiet-note">{text('account.memberSince', { date: day(createdAtMs, locale()) })}</p>
    </Section>
  );
}

function stateText({ billing }: Standing, { state, periodUntilMs, holdAtMs, renewalPrice }: Membership): string {
  const tag = locale();
  const until = day(periodUntilMs ?? 0, tag);
  switch (state) {
    case 'NONE':
      return text('account.state.none');
    case 'FUNNEL':
      return text('account.state.funnel');
    case 'TRIAL':
      return text('account.state.trial', { date: until });
    case 'ACTIVE': {
      const next = text('account.state.active', { date: day(billing?.nextChargeAtMs ?? periodUntilMs ?? 0, tag) });
      return renewalPrice === null ? next : `${text('plan.perMonth', { price: priceText(renewalPrice, tag) })} · ${next}`;
    }
    case 'PAST_DUE':
      return text('account.state.past_due', { date: day(holdAtMs ?? periodUntilMs ?? 0, tag) });
    case 'ON_HOLD':
      return text('account.state.on_hold');
    case 'ENDING':
      return text('account.state.ending', { date: until });
    case 'LAPSED':
      return text('account.state.lapsed');
    default:
      return state satisfies never;
  }
}
