import { MembershipService, MemberState, type Membership } from '@bioscope/membership/contract';
import { useMemo, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote } from '../api/use-remote.ts';
import { moment } from '../design/format.ts';
import { Mark, type Tone } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { Part } from '../frame/page.tsx';
import { texts } from '../texts.ts';
import { EndMembership } from './end-membership.tsx';
import { TestClock } from './test-clock.tsx';
import { detailsOf, type TimelineEntry } from './timeline.ts';

type MembershipProps = { doors: Pick<Doors, 'call'>; accountId: string };
type Told = { membership: Membership | undefined; events: readonly TimelineEntry[] };

const TONES: Readonly<Record<MemberState, Tone>> = {
  [MemberState.UNSPECIFIED]: 'quiet',
  [MemberState.NONE]: 'quiet',
  [MemberState.FUNNEL]: 'quiet',
  [MemberState.TRIAL]: 'good',
  [MemberState.ACTIVE]: 'good',
  [MemberState.PAST_DUE]: 'busy',
  [MemberState.ON_HOLD]: 'bad',
  [MemberState.ENDING]: 'busy',
  [MemberState.LAPSED]: 'bad',
};

/** How it stands with a member, what has happened to them, and what an operator may do about it. */
export function MembershipPart({ doors, accountId }: MembershipProps): ReactNode {
  const { call } = doors;
  const { remote, refresh } = useRemote<Told>(
    useMemo(
      () => ({
        ask: async (signal) => {
          const [{ membership }, { events }] = await Promise.all([
            call(MembershipService.method.showMembership, { accountId }, { signal }),
            call(MembershipService.method.listTimeline, { accountId }, { signal }),
          ]);
          return { membership, events };
        },
      }),
      [call, accountId],
    ),
  );
  return (
    <Part name={texts.members.membership} id="membership">
      <Known remote={remote} retry={refresh}>
        {({ membership, events }) => (
          <>
            {membership === undefined ? null : <Standing membership={membership} />}
            {membership !== undefined && MAY_END.has(membership.state) ? (
              <EndMembership doors={doors} accountId={accountId} isUnpaid={UNPAID.has(membership.state)} ended={refresh} />
            ) : null}
            <Timeline events={events} />
            <TestClock doors={doors} accountId={accountId} moved={refresh} />
          </>
        )}
      </Known>
    </Part>
  );
}

const UNPAID: ReadonlySet<MemberState> = new Set([MemberState.PAST_DUE, MemberState.ON_HOLD]);
const MAY_END: ReadonlySet<MemberState> = new Set([MemberState.TRIAL, MemberState.ACTIVE, ...UNPAID]);

function Standing({ membership }: { membership: Membership }): ReactNode {
  const { state, plan, periodUntilMs, clockAheadMs, nowMs } = membership;
  const facts = [
    plan?.planId ?? '',
    periodUntilMs > 0 ? texts.members.paidUntil(moment(periodUntilMs)) : '',
    clockAheadMs > 0 ? texts.members.clockSays(moment(nowMs)) : '',
  ];
  return (
    <p>
      <Mark tone={TONES[state] ?? 'quiet'}>{texts.members.state[state] ?? texts.members.state[0]}</Mark>{' '}
      {facts.filter((fact) => fact !== '').join(' · ')}
    </p>
  );
}

function Timeline({ events }: { events: readonly TimelineEntry[] }): ReactNode {
  return (
    <ol className="timeline" aria-label={texts.members.timeline}>
      {events.toReversed().map((event) => (
        <li key={event.sequence}>
          <time dateTime={new Date(event.recordedAtMs).toISOString()}>{moment(event.recordedAtMs)}</time>
          <strong>{event.type}</strong>
          <span className="quiet">{detailsOf(event, moment)}</span>
        </li>
      ))}
    </ol>
  );
}
