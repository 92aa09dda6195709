import { useMemo } from 'react';
import { useRemote, type Remote } from '../api/use-remote.ts';
import { useHouse } from '../member/member-context.tsx';
import { STANDING } from './operations.ts';
import type { Standing } from './standing.ts';

/** How the account stands. `retry` asks anew, after a change say. */
export function useStanding(): { remote: Remote<Standing>; retry: () => void } {
  const { doors } = useHouse();
  const question = useMemo(
    // What billing does not answer is null: membership counts more.
    () => ({ key: 'standing', ask: (signal: AbortSignal) => doors.ask(STANDING, {}, { signal, partly: true }) }),
    [doors],
  );
  return useRemote<Standing>(question);
}
