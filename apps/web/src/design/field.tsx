import { useId, useState, type HTMLInputTypeAttribute, type ReactNode } from 'react';
import { text } from '../texts.ts';

type FieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  type?: HTMLInputTypeAttribute;
  name?: string;
  autoComplete?: string;
  inputMode?: 'text' | 'numeric' | 'email';
  hint?: string | undefined;
  /** What is wrong with it; undefined while nothing is. */
  problem?: string | undefined;
  maxLength?: number;
  /** Takes the focus when it appears. */
  first?: boolean;
  dir?: 'ltr';
  /** A row of digits, large and apart. */
  digits?: boolean;
};

/** A labelled field of a form; passwords can be made visible. */
export function Field(props: FieldProps): ReactNode {
  const { label, value, onChange, type = 'text', hint, problem, first = false, digits = false, ...input } = props;
  const id = useId();
  const [isShown, setShown] = useState(false);
  const isPassword = type === 'password' && !digits;
  const described = [hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-problem`].filter((each) => each !== '');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="field-box">
        <input
          id={id}
          type={isPassword && isShown ? 'text' : type}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={problem !== undefined}
          {...(described.length === 0 ? {} : { 'aria-describedby': described.join(' ') })}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the page is this form: there is nothing before it to be skipped
          autoFocus={first}
          className={digits ? 'field-digits' : undefined}
          {...(type === 'email' || digits ? { dir: 'ltr' } : {})}
          {...input}
        />
        {isPassword ? (
          <button type="button" className="field-show" aria-pressed={isShown} onClick={() => setShown(!isShown)}>
            {isShown ? text('action.hide') : text('action.show')}
          </button>
        ) : null}
      </span>
      {hint === undefined ? null : (
        <small id={`${id}-hint`} className="field-hint">
          {hint}
        </small>
      )}
      {problem === undefined ? null : (
        <small id={`${id}-problem`} className="field-problem">
          {problem}
        </small>
      )}
    </div>
  );
}
