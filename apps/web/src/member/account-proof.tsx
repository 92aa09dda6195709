import { useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { useTask } from '../design/use-task.ts';
import { identityText, text } from '../texts.ts';
import { useHouse, useWho } from './member-context.tsx';

/** The account PIN where there is one, else the password. Each can be forgotten: then the other is taken. */
export function AccountProof({
  go,
  back,
  heading: Heading = 'h2',
}: {
  go: () => Promise<string | undefined>;
  back: () => void;
  /** Of the page, where the proof is all there is on it. */
  heading?: 'h1' | 'h2';
}): ReactNode {
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
      <Heading>{isPin ? text('pin.accountTitle') : text('account.currentPassword')}</Heading>
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
