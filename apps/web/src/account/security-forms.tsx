import { useState, type ReactNode } from 'react';
import { randomId } from '../api/random-id.ts';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { useTask } from '../design/use-task.ts';
import { PASSWORD_CHARACTERS_MIN } from '../funnel/entries.ts';
import { describeDevice } from '../member/device.ts';
import { useHouse } from '../member/member-context.tsx';
import { addPasskey } from '../member/passkeys.ts';
import { useGuardedChange } from '../member/use-guarded-change.tsx';
import { identityText, text } from '../texts.ts';
import { CHANGE_EMAIL, CHANGE_PASSWORD, SET_ACCOUNT_PIN } from './operations.ts';

/** Called with what is to be said when it is done. */
type Done = (words: string) => void;

export function EmailForm({ done }: { done: Done }): ReactNode {
  const { doors } = useHouse();
  const [newEmail, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const guarded = useGuardedChange();
  const send = (): void =>
    guarded.change(
      async () => (await doors.ask(CHANGE_EMAIL, { password, newEmail }, { attemptsMax: 1 })).changeEmail,
      () => done(text('account.emailSent', { email: newEmail })),
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

export function PasswordForm({ done }: { done: Done }): ReactNode {
  const { doors } = useHouse();
  const [password, setPassword] = useState('');
  const [newPassword, setNewPassword] = useState('');
  const guarded = useGuardedChange();
  const [commandId] = useState(randomId);
  const send = (): void =>
    guarded.change(
      async () => (await doors.ask(CHANGE_PASSWORD, { commandId, password, newPassword })).changePassword,
      () => done(text('account.passwordChanged')),
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

export function PinForm({ hasPin, done }: { hasPin: boolean; done: Done }): ReactNode {
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
              {text('account.removeAccountPin')}
            </button>
          ) : undefined
        }
      >
        <CurrentPassword value={password} onChange={setPassword} first />
        <Field
          label={text('pin.new')}
          hint={text('account.accountPinDigits')}
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

export function PasskeyForm({ done }: { done: Done }): ReactNode {
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
