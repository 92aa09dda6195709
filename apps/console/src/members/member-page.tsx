import { BillingService, type ShowBillingResponse } from '@bioscope/billing/contract';
import { IdentityService, type Account, type Device } from '@bioscope/identity/contract';
import { MembershipService } from '@bioscope/membership/contract';
import { useMemo, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote } from '../api/use-remote.ts';
import { day, moment } from '../design/format.ts';
import { Link } from '../design/link.tsx';
import { Mark, type Tone } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { Page, Part } from '../frame/page.tsx';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { BillingFacts } from './billing-facts.tsx';
import { detailsOf, standingOf, type Standing, type TimelineEntry } from './standing.ts';
import { TestClock } from './test-clock.tsx';

type MemberProps = { doors: Pick<Doors, 'call'>; accountId: string };

/** One account, from the services that know of it. Each part stands alone: one that does not answer hides none of the others. */
export function MemberPage({ doors, accountId }: MemberProps): ReactNode {
  const { call } = doors;
  const account = useRemote<Account | undefined>(
    useMemo(
      () => ({ ask: async (signal) => (await call(IdentityService.method.getAccount, { accountId }, { signal })).account }),
      [call, accountId],
    ),
  );
  const known = account.remote.kind === 'ready' ? account.remote.value : undefined;
  const back = (
    <p>
      <Link to={pathOf.members} className="back">
        {texts.members.back}
      </Link>
    </p>
  );
  return (
    <Page
      name={known?.email ?? texts.members.title}
      above={back}
      aside={known?.isOperator === true ? <Mark tone="busy">{texts.members.operator}</Mark> : undefined}
    >
      <Known remote={account.remote} retry={account.refresh}>
        {(value) => (value === undefined ? null : <AccountFacts account={value} />)}
      </Known>
      <Membership doors={doors} accountId={accountId} />
      <Billing doors={doors} accountId={accountId} />
      <Devices doors={doors} accountId={accountId} />
    </Page>
  );
}

function AccountFacts({ account }: { account: Account }): ReactNode {
  return (
    <>
      <p className="quiet">
        {account.country} · {account.language} · {texts.members.since(day(account.createdAtMs))}
      </p>
      <Part name={texts.members.profiles} id="profiles">
        <ul className="rows">
          {account.profiles.map((profile) => (
            <li key={profile.id} className="row">
              <span className="row-main">
                <strong>{profile.name}</strong>
              </span>
              <span className="row-side quiet">
                {[
                  profile.isOwner ? texts.members.owner : '',
                  profile.isKids ? texts.members.kids : '',
                  profile.hasPin ? texts.members.pin : '',
                  texts.members.upTo(profile.maturityMax),
                  profile.language,
                ]
                  .filter((text) => text !== '')
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}

const TONES: Readonly<Record<Standing['state'], Tone>> = {
  'never a member': 'quiet',
  'chose a plan': 'quiet',
  trial: 'good',
  active: 'good',
  'past due': 'busy',
  'on hold': 'bad',
  ending: 'busy',
  lapsed: 'bad',
};

function Membership({ doors, accountId }: MemberProps): ReactNode {
  const { call } = doors;
  const { remote, refresh } = useRemote<readonly TimelineEntry[]>(
    useMemo(
      () => ({ ask: async (signal) => (await call(MembershipService.method.listTimeline, { accountId }, { signal })).events }),
      [call, accountId],
    ),
  );
  return (
    <Part name={texts.members.membership} id="membership">
      <Known remote={remote} retry={refresh}>
        {(events) => {
          const standing = standingOf(events);
          return (
            <>
              <p>
                <Mark tone={TONES[standing.state]}>{standing.state}</Mark> {standing.planId}
                {standing.untilMs > 0 ? ` · ${texts.members.paidUntil(moment(standing.untilMs))}` : ''}
              </p>
              <ol className="timeline" aria-label={texts.members.timeline}>
                {events.toReversed().map((event) => (
                  <li key={event.sequence}>
                    <time dateTime={new Date(event.recordedAtMs).toISOString()}>{moment(event.recordedAtMs)}</time>
                    <strong>{event.type}</strong>
                    <span className="quiet">{detailsOf(event, moment)}</span>
                  </li>
                ))}
              </ol>
              <TestClock doors={doors} accountId={accountId} moved={refresh} />
            </>
          );
        }}
      </Known>
    </Part>
  );
}

function Billing({ doors: { call }, accountId }: MemberProps): ReactNode {
  const { remote, refresh } = useRemote<ShowBillingResponse>(
    useMemo(() => ({ ask: (signal) => call(BillingService.method.showBilling, { accountId }, { signal }) }), [call, accountId]),
  );
  return (
    <Part name={texts.members.billing} id="billing">
      <Known remote={remote} retry={refresh}>
        {(billing) => <BillingFacts billing={billing} />}
      </Known>
    </Part>
  );
}

function Devices({ doors: { call }, accountId }: MemberProps): ReactNode {
  const { remote, refresh } = useRemote<readonly Device[]>(
    useMemo(
      () => ({ ask: async (signal) => (await call(IdentityService.method.listDevices, { accountId }, { signal })).devices }),
      [call, accountId],
    ),
  );
  return (
    <Part name={texts.members.devices} id="devices">
      <Known remote={remote} retry={refresh}>
        {(devices) =>
          devices.length === 0 ? (
            <p className="quiet">{texts.members.noDevices}</p>
          ) : (
            <ul className="rows">
              {devices.map((device) => (
                <li key={device.id} className="row">
                  <span className="row-main">
                    <strong>{device.name || device.kind}</strong>
                  </span>
                  <span className="row-side quiet">
                    {device.kind} · {texts.members.lastSeen(moment(device.lastSeenMs))}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Known>
    </Part>
  );
}
