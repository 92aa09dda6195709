import { useEffect } from 'react';
import { useWho } from '../member/member-context.tsx';

/** A profile for kids sees the house in other colours: nobody takes it for their own. */
export function useKidsLook(): void {
  const who = useWho();
  const isKids = who.kind === 'member' && (who.profile?.isKids ?? false);
  useEffect(() => {
    document.documentElement.classList.toggle('app-kids', isKids);
  }, [isKids]);
}
