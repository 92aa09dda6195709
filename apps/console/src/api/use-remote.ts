import { useCallback, useEffect, useRef, useState } from 'react';
import { callErrorOf, type CallError } from './call-error.ts';

export type Remote<T> =
  | { kind: 'loading' }
  /** `trouble` tells why the newest refresh failed: `value` is what was known before. */
  | { kind: 'ready'; value: T; trouble: CallError | null }
  | { kind: 'failed'; error: CallError };

export type Question<T> = {
  /** The answer so far lets long polls say what they know. */
  readonly ask: (signal: AbortSignal, known: T | undefined) => Promise<T>;
  /** When to ask again after an answer, milliseconds; undefined: never. Nobody is asked while the page is hidden. */
  readonly againAfterMs?: (value: T) => number | undefined;
};

const AGAIN_AFTER_FAILURE_MS = 5_000;

/** Keeps an answer of a service on the page, fresh. `question` must be one for the life of the page (useMemo; a page about something else has another key). `set` takes what a command answered. */
export function useRemote<T>(question: Question<T>): { remote: Remote<T>; refresh: () => void; set: (value: T) => void } {
  const [remote, setRemote] = useState<Remote<T>>({ kind: 'loading' });
  const known = useRef<T | undefined>(undefined);
  const again = useRef<() => void>(() => undefined);
  const set = useCallback((value: T) => {
    known.current = value;
    setRemote({ kind: 'ready', value, trouble: null });
  }, []);
  const refresh = useCallback(() => again.current(), []);

  useEffect(() => {
    const leaving = new AbortController();
    let running = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (ms: number | undefined): void => {
      if (ms !== undefined && !leaving.signal.aborted) timer = setTimeout(() => void ask(), ms);
    };
    const ask = async (): Promise<void> => {
      running.abort();
      running = new AbortController();
      const { signal } = running;
      clearTimeout(timer);
      if (document.hidden) {
        document.addEventListener('visibilitychange', () => void ask(), { once: true, signal: leaving.signal });
        return;
      }
      try {
        const value = await question.ask(signal, known.current);
        if (signal.aborted) return;
        set(value);
        later(question.againAfterMs?.(value));
      } catch (cause) {
        if (signal.aborted) return;
        const error = callErrorOf(cause);
        setRemote((now) => (now.kind === 'ready' && error.failure !== 'missing' ? { ...now, trouble: error } : { kind: 'failed', error }));
        if (error.failure !== 'missing' && error.failure !== 'forbidden') later(AGAIN_AFTER_FAILURE_MS);
      }
    };
    again.current = () => void ask();
    void ask();
    return () => {
      leaving.abort();
      running.abort();
      clearTimeout(timer);
    };
  }, [question, set]);

  return { remote, refresh, set };
}
