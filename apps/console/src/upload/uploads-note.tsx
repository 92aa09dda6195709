import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { texts } from '../texts.ts';
import type { Uploads } from './open-queue.ts';

/** Tells on every page that films are on their way, and has the browser ask before it leaves them behind. */
export function UploadsNote({ uploads: { queue } }: { uploads: Uploads }): ReactNode {
  const items = useSyncExternalStore(queue.subscribe, queue.items);
  const underWay = items.filter(({ state }) => state !== 'refused').length;
  useEffect(() => {
    if (underWay === 0) return undefined;
    const stay = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [underWay]);
  return <output className="quiet">{underWay === 0 ? '' : texts.films.underWay(underWay)}</output>;
}
