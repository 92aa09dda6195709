import { useState, type FormEvent, type ReactNode } from 'react';
import { callErrorOf } from '../api/call-error.ts';
import type { Credentials, DoorAnswer, Entrance } from '../api/session-door.ts';
import { explain } from '../design/trouble.tsx';
import { typedText } from '../design/typed-text.ts';
import { texts } from '../texts.ts';

type CredentialsFormProps = {
  /** More fields, above the address. */
  children?: ReactNode;
  words: { password: string; submit: string };
  /** "new-password" lets password managers suggest one. */
  passwordIs: 'current-password' | 'new-password';
  enter: (credentials: Credentials, fields: FormData) => Promise<DoorAnswer>;
  entered: (entrance: Entrance) => void;
};

/** E-mail and password, and why they were not taken. */
export function CredentialsForm({ children, words, passwordIs, enter, entered }: CredentialsFormProps): ReactNode {
  const [isBusy, setIsBusy] = useState(false);
  const [trouble, setTrouble] = useState<{ text: string; field: string } | null>(null);

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setIsBusy(true);
    setTrouble(null);
    void enter({ email: typedText(fields, 'email').trim(), password: typedText(fields, 'password') }, fields)
      .then((answer) => {
        if (answer.kind === 'entered') entered(answer.entrance);
        else setTrouble({ text: answer.message, field: answer.field });
      })
      .catch((cause: unknown) => setTrouble({ text: explain(callErrorOf(cause)), field: '' }))
      .finally(() => setIsBusy(false));
  };
  const wrong = (field: string) => (trouble?.field === field ? { 'aria-invalid': true, 'aria-describedby': 'trouble' } : {});

  return (
    <form className="form" onSubmit={submit}>
      {children}
      <label>
        {texts.signIn.email}
        <input name="email" type="email" autoComplete="username" required maxLength={254} {...wrong('email')} />
      </label>
      <label>
        {words.password}
        <input name="password" type="password" autoComplete={passwordIs} required maxLength={256} {...wrong('password')} />
      </label>
      <p id="trouble" className="command-note command-failed" role="alert">
        {trouble?.text ?? ''}
      </p>
      <button type="submit" className="button button-light" disabled={isBusy}>
        {words.submit}
      </button>
    </form>
  );
}
