import { BillingService, type ShowBillingResponse } from '@bioscope/billing/contract';
import { IdentityService, type Account } from '@bioscope/identity/contract';
import { useMemo, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import { useRemote } from '../api/use-remote.ts';
import { day } from '../design/format.ts';
import { Link } from '../design/link.tsx';
import { Mark } from '../design/mark.tsx';
import { Known } from '../design/trouble.tsx';
import { Page, Part } from '../frame/page.tsx';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { BillingFacts } from './billing-facts.tsx';
import { DevicesPart } from './devices-part.tsx';
import { MembershipPart } from './membership-part.tsx';

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
      <MembershipPart doors={doors} accountId={accountId} />
      <Billing doors={doors} accountId={accountId} />
      <DevicesPart doors={doors} accountId={accountId} />
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
