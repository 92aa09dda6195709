import { useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { Link } from '../design/link.tsx';
import { useTask } from '../design/use-task.ts';
import { QuietPage } from '../frame/quiet-page.tsx';
import { useHouse } from '../member/member-context.tsx';
import { useMoveOn } from '../member/use-move-on.ts';
import { pathOf } from '../router.ts';
import { identityText, language, text } from '../texts.ts';
import { CountryChoice } from './country-choice.tsx';
import { isEmail, PASSWORD_CHARACTERS_MIN } from './entries.ts';
import { STEPS } from './steps.ts';
import { useOffers } from './use-offers.ts';

/** The first step: address and password. The account comes to be when the link in the mail is followed. */
export default function JoinPage(): ReactNode {
  const { session } = useHouse();
  // Also when the link in the mail was opened in another tab.
  useMoveOn(pathOf.choosePlan);
  const { remote } = useOffers(null);
  const whereabouts = remote.kind === 'ready' ? remote.value.country : null;
  const [entry, setEntry] = useState({ name: '', email: '', password: '', country: '' });
  const [wrong, setWrong] = useState('');
  const [sentTo, setSentTo] = useState('');
  const task = useTask();
  const enter = (field: keyof typeof entry) => (value: string) => setEntry((before) => ({ ...before, [field]: value }));

  const send = async (): Promise<string | undefined> => {
    const country = entry.country === '' ? (whereabouts ?? '') : entry.country;
    setWrong('');
    if (entry.name.trim() === '') return refuse('name', text('field.required'));
    if (!isEmail(entry.email)) return refuse('email', text('field.emailInvalid'));
    if (country === '') return refuse('country', text('field.required'));
    const answer = await session.ask('sign-up', { ...entry, country, language: language() });
    if (answer.kind === 'refused') return refuse(answer.field, identityText(answer.because));
    setSentTo(entry.email);
    return undefined;
  };
  const refuse = (field: string, words: string): string => {
    setWrong(field);
    return words;
  };
  const problemOf = (field: string): string | undefined => (wrong === field && !task.working ? task.problem : undefined);

  if (sentTo !== '')
    return (
      <QuietPage
        name={text('verify.documentTitle')}
        step={text('signUp.step', { step: 1, steps: STEPS })}
        heading={text('verify.heading')}
        lead={text('verify.text', { email: sentTo })}
      >
        <Resend send={send} />
      </QuietPage>
    );
  return (
    <QuietPage
      name={text('signUp.documentTitle')}
      step={text('signUp.step', { step: 1, steps: STEPS })}
      heading={text('signUp.accountTitle')}
      lead={text('signUp.accountText')}
    >
      <Form
        submit={() => task.run(send)}
        working={task.working}
        action={text('signUp.create')}
        problem={['name', 'email', 'password'].includes(wrong) ? undefined : task.problem}
      >
        <Field
          label={text('profile.name')}
          hint={text('profile.nameHint')}
          autoComplete="given-name"
          value={entry.name}
          onChange={enter('name')}
          problem={problemOf('name')}
          first
        />
        <Field
          label={text('field.email')}
          type="email"
          autoComplete="email"
          value={entry.email}
          onChange={enter('email')}
          problem={problemOf('email')}
        />
        <Field
          label={text('field.password')}
          type="password"
          autoComplete="new-password"
          hint={text('field.passwordHint', { count: PASSWORD_CHARACTERS_MIN })}
          value={entry.password}
          onChange={enter('password')}
          problem={problemOf('password')}
        />
        {remote.kind === 'ready' && whereabouts === null ? <CountryChoice country={entry.country} choose={enter('country')} /> : null}
        <p className="field-hint">{text('signUp.terms')}</p>
      </Form>
      <p className="quiet-note">
        {text('signUp.haveAccount')}{' '}
        <Link to={pathOf.signIn} className="text-link">
          {text('nav.signIn')}
        </Link>
      </p>
    </QuietPage>
  );
}

function Resend({ send }: { send: () => Promise<string | undefined> }): ReactNode {
  const task = useTask();
  const [isResent, setResent] = useState(false);
  const again = async (): Promise<string | undefined> => {
    const problem = await send();
    setResent(problem === undefined);
    return problem;
  };
  return (
    <>
      <div className="actions">
        <button type="button" className="button" onClick={() => task.run(again)}>
          {task.working ? text('action.working') : text('verify.resend')}
        </button>
      </div>
      <output>{task.problem ?? (isResent ? text('verify.resent') : '')}</output>
    </>
  );
}
