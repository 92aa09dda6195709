import { useState, type ReactNode } from 'react';
import { useTask } from '../design/use-task.ts';
import { identityText } from '../texts.ts';
import type { AccountChange } from './account-change.ts';
import { AccountProof } from './account-proof.tsx';
import { useHouse } from './member-context.tsx';

export type GuardedChange = {
  readonly working: boolean;
  readonly problem: string | undefined;
  /** Makes a change to the account; `done` runs when it is made. */
  readonly change: (make: () => Promise<AccountChange>, done?: () => void) => void;
  /** Takes the place of the form while the account PIN or the password has to be shown first; null otherwise. */
  readonly proof: ReactNode;
};

type Waiting = { readonly make: () => Promise<AccountChange>; readonly done: () => void };

/** Changes of the account that identity may want a proof for: asks for it, and then goes on. */
export function useGuardedChange(): GuardedChange {
  const { session } = useHouse();
  const task = useTask();
  const [waiting, setWaiting] = useState<Waiting | null>(null);
  const attempt = async ({ make, done }: Waiting): Promise<string | undefined> => {
    const { refused, account } = await make();
    if (refused !== null && PROVABLE.includes(refused.because)) {
      setWaiting({ make, done });
      return undefined;
    }
    setWaiting(null);
    if (refused !== null) return identityText(refused.because);
    if (account !== null) session.accountChanged(account);
    done();
    return undefined;
  };
  return {
    working: task.working,
    problem: waiting === null ? task.problem : undefined,
    change: (make, done = () => undefined) => task.run(() => attempt({ make, done })),
    proof: waiting === null ? null : <AccountProof go={() => attempt(waiting)} back={() => setWaiting(null)} />,
  };
}

const PROVABLE: readonly string[] = ['account_pin_needed', 'above_own_maturity'];
