import { useCallback, useEffect, useRef, useState } from 'react';
import { failureText } from './form.tsx';

export type Task = {
  readonly working: boolean;
  /** What went wrong the last time. */
  readonly problem: string | undefined;
  /** Runs it unless one is running. What it returns is what went wrong, in words; what it throws is said as a failure of the service. */
  readonly run: (work: () => Promise<string | undefined>) => void;
};

/** Something that is done on the press of a button. */
export function useTask(): Task {
  const [state, setState] = useState<{ working: boolean; problem: string | undefined }>({ working: false, problem: undefined });
  const isRunning = useRef(false);
  const isThere = useRef(true);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  const run = useCallback((work: () => Promise<string | undefined>): void => {
    if (isRunning.current) return;
    isRunning.current = true;
    setState({ working: true, problem: undefined });
    const end = (problem: string | undefined): void => {
      isRunning.current = false;
      if (isThere.current) setState({ working: false, problem });
    };
    work().then(end, (error: unknown) => end(failureText(error)));
  }, []);
  return { ...state, run };
}
