import { useEffect } from 'react';
import { goTo } from '../router.ts';
import { useWho } from './member-context.tsx';

/** Leaves a page for strangers for `path` once somebody is signed in, be it in another tab of the browser; stays while `path` is null. */
export function useMoveOn(path: string | null): void {
  const isMember = useWho().kind === 'member';
  useEffect(() => {
    if (isMember && path !== null) goTo(path, 'replace');
  }, [isMember, path]);
}
