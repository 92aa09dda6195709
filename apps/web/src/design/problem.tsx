import type { ReactNode } from 'react';
import type { CallError } from '../api/call-error.ts';
import { pathOf } from '../router.ts';
import { text } from '../texts.ts';
import { Icon } from './icon.tsx';
import { Link } from './link.tsx';

/** What went wrong, in plain words, and what can be done about it. */
export function Problem({ error, retry }: { error: CallError; retry: () => void }): ReactNode {
  return (
    <section className="problem" role="alert">
      <h1>{text(`problem.${error.failure}.title`)}</h1>
      <p>{text(`problem.${error.failure}.text`)}</p>
      <div className="actions">
        {error.failure === 'missing' ? null : (
          <button type="button" className="button button-light" onClick={retry}>
            <Icon name="restart" />
            {text('action.retry')}
          </button>
        )}
        <Link to={pathOf.home} className="button">
          {text('problem.home')}
        </Link>
      </div>
      {error.requestId === '' ? null : <small>{text('problem.reference', { id: error.requestId })}</small>}
    </section>
  );
}
