import { useMemo, useState, type ReactNode } from 'react';
import { randomId } from '../api/random-id.ts';
import { useRemote } from '../api/use-remote.ts';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { day } from '../design/money.ts';
import { useTask } from '../design/use-task.ts';
import { PASSWORD_CHARACTERS_MIN } from '../funnel/entries.ts';
import { describeDevice } from '../member/device.ts';
import { useHouse } from '../member/member-context.tsx';
import { addPasskey, hasPasskeys } from '../member/passkeys.ts';
import type { Account } from '../member/session-door.ts';
import { useGuardedChange } from '../member/use-guarded-change.tsx';
import { identityText, locale, text } from '../texts.ts';
import { CHANGE_EMAIL, CHANGE_PASSWORD, REMOVE_PASSKEY, SECURITY, SET_ACCOUNT_PIN, type Security } from './operations.ts';
import { Row, Section } from './section.tsx';

type Opened = 'email' | 'password' | 'pin' | 'passkey' | null;

/** Address, password, account PIN and passkeys; one of them is open to be changed at a time. */
export function SecuritySection({ account }: { account: Account }): ReactNode {
  const { doors } = useHouse();
  const [opened, setOpened] = useState<Opened>(null);
  const [said, setSaid] = useState('');
  const question = useMemo(() => ({ key: 'security', ask: (signal: AbortSignal) => doors.ask(SECURITY, {}, { signal }) }), [doors]);
  const { remote, retry } = useRemote<Security>(question);
  const passkeys = remote.kind === 'ready' ? remote.value.passkeys : [];
  const removal = useGuardedChange();
  const close = (words: string): void => {
    setOpened(null);
    setSaid(words);
  };
  const opener = (what: Exclude<Opened, null>, label: string): ReactNode => (
    <button
      type="button"
      className="button"
      aria-expanded={opened === what}
      onClick={() => {
        setSaid('');
        setOpened(opened === what ? null : what);
      }}
    >
      {label}
    </button>
  );
  return (
    <Section heading={text('account.security')}>
      <output className="account-said">{said}</output>
      <Row name={text('account.email')} value={account.email}>
        {opener('email', text('account.changeEmail'))}
      </Row>
      {opened === 'email' ? <EmailForm done={close} /> : null}
      <Row name={text('account.password')}>{opener('password', text('account.changePassword'))}</Row>
      {opened === 'password' ? <PasswordForm done={close} /> : null}
      <Row name={text('account.accountPin')} value={text('account.accountPinHint')}>
        {opener('pin', account.hasAccountPin ? text('profile.pinChange') : text('profile.pinSet'))}
      </Row>
      {opened === 'pin' ? <PinForm hasPin={account.hasAccountPin} done={close} /> : null}
      <Row
        name={text('account.passkeys')}
        value={
          passkeys.length === 0 ? undefined : passkeys.map(({ name, addedAtMs }) => `${name} (${day(addedAtMs, locale())})`).join(' · ')
        }
      >
        {hasPasskeys() ? opener('passkey', text('account.addPasskey')) : null}
        {passkeys.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className="button"
            onClick={() =>
              removal.change(async () => (await doors.ask(REMOVE_PASSKEY, { commandId: randomId(), passkeyId: id })).removePasskey, retry)
            }
          >
            {`${text('action.delete')}: ${name}`}
          </button>
        ))}
      </Row>
      {removal.proof}
      {removal.problem === undefined ? null : <p role="alert">{removal.problem}</p>}
      {opened === 'passkey' ? (
        <PasskeyForm
          done={(words) => {
            close(words);
            retry();
          }}
        />
      ) : null}
    </Section>
  );
}

type Done = (words: string) => void;

function EmailForm({ done }: { done: Done }): ReactNode {
  const { doors } = useHouse();
  const [newEmail, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const guarded = useGuardedChange();
  const send = (): void =>
    guarded.change(
      async () => (await doors.ask(CHANGE_EMAIL, { password, newEmail }, { attemptsMax: 1 })).changeEmail,
      () => done(text('verify.text', { email: newEmail })),
    );
  return (
    guarded.proof ?? (
      <Form submit={send} working={guarded.working} problem={guarded.problem} action={text('account.changeEmail')}>
        <Field label={text('field.email')} type="email" autoComplete="email" value={newEmail} onChange={setEmail} first />
        <CurrentPassword value={password} onChange={setPassword} />
      </Form>
    )
  );
}

function PasswordForm({ done }: { done: Done }): ReactNode {
  const { doors } = useHouse();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const guarded = useGuardedChange();
  const [commandId] = useState(randomId);
  const send = (): void =>
    guarded.change(
      async () => (await doors.ask(CHANGE_PASSWORD, { commandId, password, newPassword })).changePassword,
      () => done(text('action.saved')),
    );
  return (
    guarded.proof ?? (
      <Form submit={send} working={guarded.working} problem={guarded.problem} action={text('account.changePassword')}>
        <CurrentPassword value={password} onChange={setPassword} first />
        <Field
          label={text('field.newPassword')}
          type="password"
          autoComplete="new-password"
          hint={text('field.passwordHint', { count: PASSWORD_CHARACTERS_MIN })}
          value={newPassword}
          onChange={setNewPassword}
        />
      </Form>
    )
  );
}

function PinForm({ hasPin, done }: { hasPin: boolean; done: Done }): ReactNode {
  const { doors } = useHouse();
  const [pin, setPin] = useState('');
  const [password, setPassword] = useState('');
  const guarded = useGuardedChange();
  const send = (next: string): void =>
    guarded.change(
      async () => (await doors.ask(SET_ACCOUNT_PIN, { commandId: randomId(), password, pin: next })).setAccountPin,
      () => done(text('action.saved')),
    );
  return (
    guarded.proof ?? (
      <Form
        submit={() => send(pin)}
        working={guarded.working}
        problem={guarded.problem}
        action={text('action.save')}
        also={
          hasPin ? (
            <button type="button" className="button" onClick={() => send('')}>
              {text('profile.pinRemove')}
            </button>
          ) : undefined
        }
      >
        <CurrentPassword value={password} onChange={setPassword} first />
        <Field
          label={text('pin.new')}
          type="password"
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={pin}
          onChange={(typed) => setPin(typed.replaceAll(/\D/g, ''))}
          digits
        />
      </Form>
    )
  );
}

function PasskeyForm({ done }: { done: Done }): ReactNode {
  const { session } = useHouse();
  const [password, setPassword] = useState('');
  const task = useTask();
  const add = async (): Promise<string | undefined> => {
    const answer = await addPasskey(session, { password, name: describeDevice(navigator.userAgent).name });
    if (answer === null) return text('signIn.passkeyFailed');
    if (answer.kind === 'refused') return identityText(answer.because);
    done(text('action.saved'));
    return undefined;
  };
  return (
    <Form submit={() => task.run(add)} working={task.working} problem={task.problem} action={text('account.addPasskey')}>
      <CurrentPassword value={password} onChange={setPassword} first />
    </Form>
  );
}

type CurrentPasswordProps = { value: string; onChange: (value: string) => void; first?: boolean };

function CurrentPassword({ value, onChange, first = false }: CurrentPasswordProps): ReactNode {
  return (
    <Field
      label={text('account.currentPassword')}
      type="password"
      autoComplete="current-password"
      value={value}
      onChange={onChange}
      first={first}
    />
  );
}
