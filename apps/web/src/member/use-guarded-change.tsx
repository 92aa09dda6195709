import { useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { useTask } from '../design/use-task.ts';
import { identityText, text } from '../texts.ts';
import type { AccountChange } from './account-change.ts';
import { useHouse, useWho } from './member-context.tsx';

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
    proof: waiting === null ? null : <Proof go={() => attempt(waiting)} back={() => setWaiting(null)} />,
  };
}

const PROVABLE: readonly string[] = ['account_pin_needed', 'above_own_maturity'];

/** The account PIN where there is one, else the password. Each can be forgotten: then the other is taken. */
function Proof({ go, back }: { go: () => Promise<string | undefined>; back: () => void }): ReactNode {
  const { session } = useHouse();
  const who = useWho();
  const hasPin = who.kind === 'member' && who.account.hasAccountPin;
  const [isPin, setPin] = useState(hasPin);
  const [typed, setTyped] = useState('');
  const task = useTask();
  const prove = async (): Promise<string | undefined> => {
    const answer = await session.ask('pin', isPin ? { pin: typed } : { password: typed });
    return answer.kind === 'refused' ? identityText(answer.because) : go();
  };
  return (
    <section className="proof">
      <h2>{isPin ? text('pin.accountTitle') : text('account.currentPassword')}</h2>
      <p className="quiet-lead">{text('pin.accountText')}</p>
      <Form
        submit={() => task.run(prove)}
        working={task.working}
        problem={task.problem}
        action={text('action.continue')}
        also={
          <button type="button" className="button" onClick={back}>
            {text('action.back')}
          </button>
        }
      >
        {isPin ? (
          <Field
            key="pin"
            label={text('account.accountPin')}
            type="password"
            inputMode="numeric"
            autoComplete="off"
            maxLength={6}
            value={typed}
            onChange={setTyped}
            digits
            first
          />
        ) : (
          <Field
            key="password"
            label={text('field.password')}
            type="password"
            autoComplete="current-password"
            value={typed}
            onChange={setTyped}
            first
          />
        )}
        {hasPin && isPin ? (
          <button
            type="button"
            className="text-link"
            onClick={() => {
              setTyped('');
              setPin(false);
            }}
          >
            {text('pin.forgot')}
          </button>
        ) : null}
      </Form>
    </section>
  );
}
