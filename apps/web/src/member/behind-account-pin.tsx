import { useState, type ReactNode } from 'react';
import { PageFrame } from '../catalogue/page-frame.tsx';
import { goTo, pathOf } from '../router.ts';
import { text } from '../texts.ts';
import { AccountProof } from './account-proof.tsx';
import { useWho } from './member-context.tsx';

/** A page of money and settings: where the account has a PIN, that (or the password) is asked for first. The services ask for it too. */
export function BehindAccountPin({ children }: { children: ReactNode }): ReactNode {
  const who = useWho();
  // Once: a PIN that is set on this very page, or a token that is renewed, shuts nobody out of what they are doing.
  const [isOpen, open] = useState(() => who.kind !== 'member' || !who.account.hasAccountPin || who.proven);
  if (isOpen) return children;
  const go = (): Promise<undefined> => {
    open(true);
    return Promise.resolve(undefined);
  };
  return (
    <PageFrame documentTitle={text('app.pageName', { page: text('account.documentTitle') })}>
      <section className="quiet">
        <AccountProof go={go} back={() => goTo(pathOf.home)} heading="h1" />
      </section>
    </PageFrame>
  );
}
