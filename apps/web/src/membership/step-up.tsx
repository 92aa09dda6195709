import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { money } from '../design/money.ts';
import { useTask } from '../design/use-task.ts';
import { locale, text } from '../texts.ts';
import { openCardDoor, type Challenge } from './card-door.ts';

type StepUpProps = { challengePath: string; amountDigits: number; answered: () => void };

/** The bank's question, as the sandbox's bank asks it: on our own page. */
export function StepUp({ challengePath, amountDigits, answered }: StepUpProps): ReactNode {
  const door = useMemo(() => openCardDoor((url, init) => window.fetch(url, init)), []);
  const [challenge, setChallenge] = useState<Challenge | null>(null);
  const task = useTask();
  useEffect(() => {
    // The amount is decoration: the question can be answered without.
    door.challenge(challengePath).then(setChallenge, () => undefined);
  }, [door, challengePath]);
  const answer = (what: 'approve' | 'reject'): void =>
    task.run(async () => {
      await door.answer(challengePath, what);
      answered();
      return undefined;
    });
  return (
    <section className="bank" aria-labelledby="bank">
      <h2 id="bank">{text('payment.stepUpTitle')}</h2>
      {challenge === null ? null : <p className="plan-price">{money(challenge.amountMinor, challenge.currency, amountDigits, locale())}</p>}
      <p>{text('payment.stepUpText')}</p>
      {task.problem === undefined ? null : <p role="alert">{task.problem}</p>}
      <div className="actions">
        <button type="button" className="button button-light" onClick={() => answer('approve')}>
          {text('payment.stepUpApprove')}
        </button>
        <button type="button" className="button" onClick={() => answer('reject')}>
          {text('payment.stepUpReject')}
        </button>
      </div>
    </section>
  );
}
