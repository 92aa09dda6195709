import type { ReactNode } from 'react';
import { Problem } from '../design/problem.tsx';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useWho } from '../member/member-context.tsx';
import { useStanding } from '../membership/use-standing.ts';
import { text } from '../texts.ts';
import './account.css';
import { BillingSection } from './billing-section.tsx';
import { DevicesSection } from './devices-section.tsx';
import { MembershipSection } from './membership-section.tsx';
import { ProfilesSection } from './profiles-section.tsx';
import { SecuritySection } from './security-section.tsx';

/** Everything of an account: each part is there even where another cannot be had. */
export default function AccountPage(): ReactNode {
  const who = useWho();
  const { remote, retry } = useStanding();
  if (who.kind !== 'member') return null;
  return (
    <QuietPage name={text('account.documentTitle')} heading={text('account.heading')} lead={who.account.email} broad>
      {remote.kind === 'failed' ? <Problem error={remote.error} retry={retry} /> : null}
      {remote.kind === 'ready' ? (
        <>
          <MembershipSection standing={remote.value} createdAtMs={who.account.createdAtMs} changed={retry} />
          <BillingSection standing={remote.value} />
        </>
      ) : null}
      <SecuritySection account={who.account} />
      <DevicesSection deviceId={who.deviceId} />
      <ProfilesSection account={who.account} />
    </QuietPage>
  );
}
