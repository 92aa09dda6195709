import type { ReactNode } from 'react';
import { CallError } from '../api/call-error.ts';
import { identityText, text } from '../texts.ts';

type FormProps = {
  submit: () => void;
  working: boolean;
  /** The label of the button that sends it. */
  action: string;
  /** What went wrong, of the whole form. */
  problem?: string | undefined;
  /** Beside the button. */
  also?: ReactNode;
  children: ReactNode;
};

/** A form that says what is wrong in words, and cannot be sent twice at once. */
export function Form({ submit, working, action, problem, also, children }: FormProps): ReactNode {
  return (
    <form
      className="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!working) submit();
      }}
    >
      {children}
      {problem === undefined ? null : (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="actions">
        <button type="submit" className="button button-light" aria-disabled={working}>
          {working ? text('action.working') : action}
        </button>
        {also}
      </div>
    </form>
  );
}

/** What to say when the service itself could not be asked. */
export function failureText(error: unknown): string {
  if (error instanceof CallError && error.code === 'ACCOUNT_PIN_NEEDED') return identityText('account_pin_needed');
  const failure = error instanceof CallError ? error.failure : 'broken';
  // A form asks for no film.
  const said = failure === 'missing' ? 'broken' : failure;
  return `${text(`problem.${said}.title`)} ${text(`problem.${said}.text`)}`;
}
