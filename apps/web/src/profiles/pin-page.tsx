import { useState, type ReactNode } from 'react';
import { Field } from '../design/field.tsx';
import { Form } from '../design/form.tsx';
import { QuietPage } from '../frame/quiet-page.tsx';
import { text } from '../texts.ts';

type PinPageProps = {
  /** Of the profile that is locked. */
  name: string;
  /** Whose PIN is wanted. */
  by: 'profile' | 'account';
  enter: (pin: string) => void;
  task: { readonly working: boolean; readonly problem: string | undefined };
  back: () => void;
};

/** Asks for the PIN in front of a profile. */
export function PinPage({ name, by, enter, task, back }: PinPageProps): ReactNode {
  const [pin, setPin] = useState('');
  return (
    <QuietPage
      name={text('profile.documentTitle')}
      heading={by === 'profile' ? text('pin.profileTitle', { name }) : text('pin.accountTitle')}
      lead={by === 'account' ? text('pin.accountText') : undefined}
    >
      <Form
        submit={() => enter(pin)}
        working={task.working}
        problem={task.problem}
        action={text('action.continue')}
        also={
          <button type="button" className="button" onClick={back}>
            {text('action.back')}
          </button>
        }
      >
        <Field
          label={by === 'profile' ? text('profile.pin') : text('account.accountPin')}
          type="password"
          inputMode="numeric"
          autoComplete="off"
          maxLength={6}
          value={pin}
          onChange={(typed) => setPin(typed.replaceAll(/\D/g, ''))}
          digits
          first
        />
      </Form>
    </QuietPage>
  );
}
