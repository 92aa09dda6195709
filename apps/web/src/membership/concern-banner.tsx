import type { ReactNode } from 'react';
import { Link } from '../design/link.tsx';
import { day } from '../design/money.ts';
import { useHouse, useWho } from '../member/member-context.tsx';
import { pathOf } from '../router.ts';
import { liftText, locale, refusalWords, text } from '../texts.ts';
import { concernOf, type Concern, type Membership } from './standing.ts';
import { useStanding } from './use-standing.ts';

/** What stands in the way of watching, or soon will, with the way out. Nothing while all is well, for kids, and in a service without members. */
export function ConcernBanner(): ReactNode {
  const { settings } = useHouse();
  const who = useWho();
  if (settings.members === 'none' || who.kind !== 'member' || who.profile?.isKids === true) return null;
  return <Concerned />;
}

function Concerned(): ReactNode {
  const { remote } = useStanding();
  const membership = remote.kind === 'ready' ? remote.value.membership : null;
  const concern = membership === null ? null : concernOf(membership);
  if (membership === null || concern === null) return null;
  const { title, words, way, label } = wayOut(concern, membership);
  return (
    <aside className="concern">
      <p>
        <strong>{title}</strong> {words}
      </p>
      <Link to={way} className="button button-light">
        {label}
      </Link>
    </aside>
  );
}

type WayOut = { title: string; words: string; way: string; label: string };

function wayOut(concern: Concern, { plan }: Membership): WayOut {
  const again = plan === null ? pathOf.choosePlan : pathOf.pay(plan.id);
  switch (concern.kind) {
    case 'join':
      return { ...said('never_member'), way: pathOf.choosePlan, label: liftText('choose_plan') ?? '' };
    case 'pay':
      return { ...said('payment_needed'), way: again, label: liftText('pay') ?? '' };
    case 'rejoin':
      return { ...said('lapsed'), way: again, label: text('account.rejoin') };
    case 'on_hold':
      return { ...said('on_hold'), way: pathOf.updateCard, label: liftText('update_payment') ?? '' };
    case 'past_due':
      return {
        title: text('billing.failure'),
        words: text('account.state.past_due', { date: day(concern.endsAtMs, locale()) }),
        way: pathOf.updateCard,
        label: text('billing.updateCard'),
      };
    case 'ending':
      return {
        title: text('account.cancelledTitle'),
        words: text('account.state.ending', { date: day(concern.endsAtMs, locale()) }),
        way: pathOf.account,
        label: text('account.undoCancel'),
      };
    default:
      return concern satisfies never;
  }
}

function said(because: string): { title: string; words: string } {
  const { title, text: words } = refusalWords(because);
  return { title, words };
}
