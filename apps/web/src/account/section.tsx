import { useId, type ReactNode } from 'react';

/** A part of the account page. */
export function Section({ heading, children }: { heading: string; children: ReactNode }): ReactNode {
  const id = useId();
  return (
    <section className="account-section" aria-labelledby={id}>
      <h2 id={id}>{heading}</h2>
      <div className="account-body">{children}</div>
    </section>
  );
}

/** One thing, what it is now, and what can be done with it. */
export function Row({ name, value, children }: { name: string; value?: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <div className="account-row">
      <div>
        <h3>{name}</h3>
        {value === undefined || value === '' ? null : <p>{value}</p>}
      </div>
      {children === undefined ? null : <div className="actions">{children}</div>}
    </div>
  );
}
