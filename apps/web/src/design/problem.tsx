import type { ReactNode } from 'react';
import type { CallError } from '../api/call-error.ts';
import { pathOf } from '../router.ts';
import { texts } from '../texts.ts';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';

/** What went wrong, in plain words, and what can be done about it. */
export function Problem({ error, retry }: { error: CallError; retry: () => void }): ReactNode {
  const words = texts.problem[error.failure];
  return (
    <section className="problem" role="alert">
      <h1>{words.title}</h1>
      <p>{words.text}</p>
      <div className="actions">
        {error.failure === 'missing' ? null : (
          <button type="button" className="button button-light" onClick={retry}>
            <Icon name="restart" />
            {texts.problem.retry}
          </button>
        )}
        <Link to={pathOf.home} className="button">
          {texts.problem.home}
        </Link>
      </div>
      {error.requestId === '' ? null : <small>{texts.problem.reference(error.requestId)}</small>}
    </section>
  );
}
