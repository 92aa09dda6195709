import { useCallback, useEffect, useRef, useState } from 'react';
import { callErrorOf } from './call-error.ts';
import type { Remote } from './use-remote.ts';

export type PagedQuestion<T> = {
  readonly page: (cursor: string, signal: AbortSignal) => Promise<{ items: readonly T[]; next: string }>;
  readonly idOf: (item: T) => string;
  /** How often the first page is asked for again; undefined: never. */
  readonly againAfterMs?: number;
};

/** A list that is fetched page by page as far as somebody looks; its first page is kept fresh. `question` must be one for the life of the page, as in `useRemote`. */
export function usePages<T>(question: PagedQuestion<T>): { remote: Remote<readonly T[]>; refresh: () => void; more: (() => void) | null } {
  const [remote, setRemote] = useState<Remote<readonly T[]>>({ kind: 'loading' });
  const [next, setNext] = useState('');
  const isDeep = useRef(false);
  const fetchPage = useRef<(cursor: string) => void>(() => undefined);

  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (cursor: string): Promise<void> => {
      clearTimeout(timer);
      try {
        const { items, next: after } = await question.page(cursor, leaving.signal);
        if (leaving.signal.aborted) return;
        isDeep.current ||= cursor !== '';
        setRemote((now) => ({ kind: 'ready', value: merge(now, items, cursor, question.idOf), trouble: null }));
        // What is known of the pages after the first stays; new items come in front of them.
        if (cursor !== '' || !isDeep.current) setNext(after);
      } catch (cause) {
        if (leaving.signal.aborted) return;
        const error = callErrorOf(cause);
        setRemote((now) => (now.kind === 'ready' ? { ...now, trouble: error } : { kind: 'failed', error }));
      }
      if (question.againAfterMs !== undefined && !leaving.signal.aborted) timer = setTimeout(() => void again(), question.againAfterMs);
    };
    const again = async (): Promise<void> => {
      if (!document.hidden) return ask('');
      document.addEventListener('visibilitychange', () => void ask(''), { once: true, signal: leaving.signal });
    };
    fetchPage.current = (cursor) => void ask(cursor);
    void ask('');
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [question]);

  const refresh = useCallback(() => fetchPage.current(''), []);
  return { remote, refresh, more: next === '' ? null : () => fetchPage.current(next) };
}

/** The first page goes in front, later ones behind; an item is shown once, as it was told last. */
function merge<T>(now: Remote<readonly T[]>, items: readonly T[], cursor: string, idOf: (item: T) => string): readonly T[] {
  const ids = new Set(items.map(idOf));
  const others = now.kind === 'ready' ? now.value.filter((item) => !ids.has(idOf(item))) : [];
  return cursor === '' ? [...items, ...others] : [...others, ...items];
}
