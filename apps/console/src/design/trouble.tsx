import type { ReactNode } from 'react';
import type { CallError } from '../api/call-error.ts';
import type { Remote } from '../api/use-remote.ts';
import { texts } from '../texts.ts';

/** The kind of failure in our words, then the service's own: operators can use them. */
export function explain(error: CallError): string {
  return error.failure === 'offline' || error.failure === 'slow'
    ? texts.problem[error.failure]
    : `${texts.problem[error.failure]} ${error.message}`;
}

/** Instead of a page or a part of it. */
export function Trouble({ error, retry }: { error: CallError; retry?: () => void }): ReactNode {
  return (
    <div className="trouble" role="alert">
      <p>{explain(error)}</p>
      {error.requestId === '' ? null : <small>{texts.reference(error.requestId)}</small>}
      {retry === undefined || error.failure === 'missing' ? null : (
        <button type="button" className="button" onClick={retry}>
          {texts.again}
        </button>
      )}
    </div>
  );
}

/** Shows a remote answer once it is there, and its troubles. */
export function Known<T>({
  remote,
  retry,
  children,
}: {
  remote: Remote<T>;
  retry: () => void;
  children: (value: T) => ReactNode;
}): ReactNode {
  switch (remote.kind) {
    case 'loading':
      return <output className="quiet">{texts.loading}</output>;
    case 'failed':
      return <Trouble error={remote.error} retry={retry} />;
    case 'ready':
      return (
        <>
          {remote.trouble === null ? null : (
            <output className="stale">
              {texts.stale}
              {explain(remote.trouble)}
            </output>
          )}
          {children(remote.value)}
        </>
      );
    default:
      return remote satisfies never;
  }
}
