import { useCallback, useEffect, useRef, useState } from 'react';
import { callErrorOf, type CallError } from '../api/call-error.ts';

export type CommandState = { kind: 'idle' } | { kind: 'running' } | { kind: 'done' } | { kind: 'failed'; error: CallError };

/** Runs what the operator asks for, one at a time, and tells what became of it. */
export function useCommand(): { state: CommandState; run: (work: () => Promise<void>) => void } {
  const [state, setState] = useState<CommandState>({ kind: 'idle' });
  const isRunning = useRef(false);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const run = useCallback((work: () => Promise<void>) => {
    if (isRunning.current) return;
    isRunning.current = true;
    setState({ kind: 'running' });
    void work()
      .then(
        (): CommandState => ({ kind: 'done' }),
        (cause: unknown): CommandState => ({ kind: 'failed', error: callErrorOf(cause) }),
      )
      .then((ended) => {
        isRunning.current = false;
        if (isHere.current) setState(ended);
      });
  }, []);
  return { state, run };
}
