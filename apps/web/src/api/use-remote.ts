import { useCallback, useEffect, useRef, useState } from 'react';
import { CallError } from './call-error.ts';

export type Remote<T> =
  | { kind: 'loading' }
  /** `stale` tells that the last refresh failed and this is what was known before. */
  | { kind: 'ready'; value: T; stale: boolean }
  | { kind: 'failed'; error: CallError };

export type RemoteQuestion<T> = {
  /** Answers under the same key are kept from page to page, so that going back shows something at once. */
  readonly key: string;
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /** When to ask again, milliseconds after an answer; undefined: never. Not asked while the page is hidden. */
  againAfterMs?(value: T): number | undefined;
};

// A handful of pages; the bound keeps a day of browsing from growing without end.
const KEPT_MAX = 50;
const kept = new Map<string, unknown>();
const AGAIN_AFTER_FAILURE_MS = 10_000;

/** Keeps an answer of a service on the page, fresh. `question` must be stable (useMemo). */
export function useRemote<T>(question: RemoteQuestion<T>): { remote: Remote<T>; retry: () => void } {
  const [remote, setRemote] = useState<Remote<T>>(() => remembered(question.key));
  const askAgain = useRef<() => void>(() => undefined);
  const retry = useCallback(() => {
    setRemote((now) => (now.kind === 'failed' ? { kind: 'loading' } : now));
    askAgain.current();
  }, []);

  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number | undefined): void => {
      if (ms !== undefined) timer = setTimeout(() => void refresh(), ms);
    };
    const refresh = async (): Promise<void> => {
      if (document.hidden) {
        // Asked again when somebody looks.
        document.addEventListener('visibilitychange', () => void refresh(), { once: true, signal: leaving.signal });
        return;
      }
      try {
        const value = await question.ask(leaving.signal);
        if (leaving.signal.aborted) return;
        remember(question.key, value);
        setRemote({ kind: 'ready', value, stale: false });
        later(question.againAfterMs?.(value));
      } catch (cause) {
        if (leaving.signal.aborted) return;
        const error = cause instanceof CallError ? cause : new CallError('unexpected failure', { failure: 'broken', cause });
        setRemote((now) => (now.kind === 'ready' && error.failure !== 'missing' ? { ...now, stale: true } : { kind: 'failed', error }));
        later(error.failure === 'missing' ? undefined : AGAIN_AFTER_FAILURE_MS);
      }
    };
    askAgain.current = () => {
      clearTimeout(timer);
      void refresh();
    };
    void refresh();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, [question]);

  return { remote, retry };
}

/** Forgets what was answered so far: somebody else asks from now on. */
export function forgetAnswers(): void {
  kept.clear();
}

function remembered<T>(key: string): Remote<T> {
  // Only values stored under the same key by the same question come back here.
  return kept.has(key) ? { kind: 'ready', value: kept.get(key) as T, stale: false } : { kind: 'loading' };
}

function remember(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT_MAX) return;
    kept.delete(oldest);
  }
}
