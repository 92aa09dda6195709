import { useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { Link } from '../design/link.tsx';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse, useWho } from '../member/member-context.tsx';
import type { SessionAnswer } from '../member/session-door.ts';
import { useMoveOn } from '../member/use-move-on.ts';
import { hasPasskeys, signInWithPasskey } from '../member/passkeys.ts';
import { parseRoute, pathOf, usePath } from '../router.ts';
import { identityText, text } from '../texts.ts';

/** Signs in, and then lets the page be seen whose address is open; at the sign-in page's own address that is home. */
export default function SignInPage(): ReactNode {
  const { session } = useHouse();
  const who = useWho();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const task = useTask();
  useMoveOn(parseRoute(usePath()).kind === 'sign_in' ? pathOf.home : null);
  const problemOf = (answer: SessionAnswer): string | undefined => (answer.kind === 'refused' ? identityText(answer.because) : undefined);
  return (
    <QuietPage
      name={text('signIn.documentTitle')}
      heading={text('signIn.heading')}
      lead={who.kind === 'visitor' && who.expired ? text('signIn.expired') : undefined}
    >
      <Form
        submit={() => task.run(async () => problemOf(await session.ask('sign-in', { email, password })))}
        working={task.working}
        problem={task.problem}
        action={text('signIn.submit')}
        also={
          <Link to={pathOf.reset} className="text-link">
            {text('signIn.forgot')}
          </Link>
        }
      >
        <Field
          label={text('field.email')}
          type="email"
          name="email"
          autoComplete="username webauthn"
          value={email}
          onChange={setEmail}
          first
        />
        <Field
          label={text('field.password')}
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={setPassword}
        />
      </Form>
      {hasPasskeys() ? (
        <button
          type="button"
          className="button"
          onClick={() =>
            task.run(async () => {
              const answer = await signInWithPasskey(session);
              return answer === null ? text('signIn.passkeyFailed') : problemOf(answer);
            })
          }
        >
          {text('signIn.passkey')}
        </button>
      ) : null}
      <p className="quiet-note">
        {text('signIn.newHere')}{' '}
        <Link to={pathOf.join} className="text-link">
          {text('signUp.start')}
        </Link>
      </p>
    </QuietPage>
  );
}
