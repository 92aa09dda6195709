import { useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { Link } from '../design/link.tsx';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { PASSWORD_CHARACTERS_MIN } from '../funnel/entries.ts';
import { useHouse } from '../member/member-context.tsx';
import { useOneTimeLink } from '../member/one-time-link.ts';
import { goTo, pathOf } from '../router.ts';
import { identityText, language, text } from '../texts.ts';

/** Asks for a link; opened by that link, for the new password. */
export default function ResetPage(): ReactNode {
  const link = useOneTimeLink();
  return link === '' ? <AskForLink /> : <ChoosePassword link={link} />;
}

/** How long identity's link works (services/identity/src/domain/link.ts). */
const LINK_MINUTES = 30;

function AskForLink(): ReactNode {
  const { session } = useHouse();
  const [email, setEmail] = useState('');
  const [isSent, setSent] = useState(false);
  const task = useTask();
  const send = async (): Promise<string | undefined> => {
    const answer = await session.ask('reset-request', { email, language: language() });
    if (answer.kind === 'refused') return identityText(answer.because);
    setSent(true);
    return undefined;
  };
  if (isSent)
    return (
      <QuietPage
        name={text('reset.documentTitle')}
        heading={text('reset.sentTitle')}
        lead={text('reset.sentText', { email, minutes: LINK_MINUTES })}
      />
    );
  return (
    <QuietPage name={text('reset.documentTitle')} heading={text('reset.heading')} lead={text('reset.text')}>
      <Form
        submit={() => task.run(send)}
        working={task.working}
        problem={task.problem}
        action={text('reset.send')}
        also={
          <Link to={pathOf.signIn} className="text-link">
            {text('action.back')}
          </Link>
        }
      >
        <Field label={text('field.email')} type="email" autoComplete="email" value={email} onChange={setEmail} first />
      </Form>
    </QuietPage>
  );
}

function ChoosePassword({ link }: { link: string }): ReactNode {
  const { session } = useHouse();
  const [password, setPassword] = useState('');
  const task = useTask();
  const save = async (): Promise<string | undefined> => {
    const answer = await session.ask('reset', { link, password });
    if (answer.kind === 'refused') return identityText(answer.because);
    goTo(pathOf.home, 'replace');
    return undefined;
  };
  return (
    <QuietPage name={text('reset.documentTitle')} heading={text('reset.chooseTitle')} lead={text('reset.chooseText')}>
      <Form submit={() => task.run(save)} working={task.working} problem={task.problem} action={text('reset.choose')}>
        <Field
          label={text('field.newPassword')}
          type="password"
          autoComplete="new-password"
          hint={text('field.passwordHint', { count: PASSWORD_CHARACTERS_MIN })}
          value={password}
          onChange={setPassword}
          first
        />
      </Form>
    </QuietPage>
  );
}
