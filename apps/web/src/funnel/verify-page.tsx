import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { Link } from '../design/link.tsx';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useOneTimeLink } from '../member/one-time-link.ts';
import { useHouse } from '../member/member-context.tsx';
import { goTo, pathOf } from '../router.ts';
import { identityText, text } from '../texts.ts';

type Step = 'following' | 'password' | 'invalid' | 'email_changed';

/** Where the link in the mail leads: the account comes to be, or has its new address. */
export default function VerifyPage(): ReactNode {
  const link = useOneTimeLink();
  return <Follow key={link} link={link} />;
}

function Follow({ link }: { link: string }): ReactNode {
  const { session } = useHouse();
  const [password, setPassword] = useState('');
  const [step, setStep] = useState<Step>('following');
  const task = useTask();
  const follow = async (typed: string): Promise<string | undefined> => {
    const answer = await session.ask('verify', { link, password: typed });
    if (answer.kind === 'signed_in') goTo(pathOf.choosePlan, 'replace');
    if (answer.kind === 'email_changed') setStep('email_changed');
    if (answer.kind !== 'refused') return undefined;
    if (answer.because === 'link_invalid') setStep('invalid');
    else setStep('password');
    return answer.because === 'password_needed' ? undefined : identityText(answer.because);
  };
  const { run } = task;
  const isFollowed = useRef(false);
  useEffect(() => {
    // A link is good once: also where effects run twice.
    if (isFollowed.current) return;
    isFollowed.current = true;
    run(() => follow(''));
  });

  if (step === 'invalid')
    return (
      <QuietPage name={text('verify.documentTitle')} heading={text('verify.linkTitle')} lead={text('verify.linkText')}>
        <div className="actions">
          <Link to={pathOf.signIn} className="button button-light">
            {text('nav.signIn')}
          </Link>
          <Link to={pathOf.join} className="button">
            {text('nav.signUp')}
          </Link>
        </div>
      </QuietPage>
    );
  if (step === 'email_changed')
    return (
      <QuietPage name={text('verify.documentTitle')} heading={text('verify.doneTitle')} lead={text('verify.doneText')}>
        <div className="actions">
          <Link to={pathOf.account} className="button button-light">
            {text('action.continue')}
          </Link>
        </div>
      </QuietPage>
    );
  if (step === 'password')
    return (
      <QuietPage name={text('verify.documentTitle')} heading={text('verify.documentTitle')} lead={identityText('password_needed')}>
        <Form submit={() => run(() => follow(password))} working={task.working} problem={task.problem} action={text('action.continue')}>
          <Field
            label={text('field.password')}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={setPassword}
            first
          />
        </Form>
      </QuietPage>
    );
  return (
    <QuietPage name={text('verify.documentTitle')} heading={text('action.working')}>
      {task.problem === undefined ? null : (
        <>
          <p role="alert">{task.problem}</p>
          <div className="actions">
            <button type="button" className="button button-light" onClick={() => run(() => follow(''))}>
              {text('action.retry')}
            </button>
          </div>
        </>
      )}
    </QuietPage>
  );
}
