import { useSyncExternalStore } from 'react';

export type Route = { kind: 'home' } | { kind: 'title'; titleId: string } | { kind: 'watch'; titleId: string } | { kind: 'not_found' };

/** Ids as the catalogue makes them; anything else in their place is a mistyped address. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

export function parseRoute(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0) return { kind: 'home' };
  const [page, titleId = ''] = parts;
  if (parts.length === 2 && ID.test(titleId) && (page === 'title' || page === 'watch')) return { kind: page, titleId };
  return { kind: 'not_found' };
}

export const pathOf = {
  home: '/',
  title: (titleId: string): string => `/title/${titleId}`,
  watch: (titleId: string): string => `/watch/${titleId}`,
  /** Ignores the bookmark. */
  watchFromStart: (titleId: string): string => `/watch/${titleId}#start`,
};

const MOVED = 'bioscope:moved';

/** Goes to a page of the app without loading it anew. */
export function goTo(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState({ inside: true }, '', path);
  else history.replaceState({ inside: true }, '', path);
  window.dispatchEvent(new Event(MOVED));
  window.scrollTo({ top: 0 });
}

/** Back to where the viewer came from, or to `otherwise` when the page was opened directly. */
export function goBack(otherwise: string): void {
  if (cameFromInside(history.state)) history.back();
  else goTo(otherwise, 'replace');
}

function cameFromInside(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'inside' in state;
}

export function usePath(): string {
  return useSyncExternalStore(subscribe, () => window.location.pathname);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(MOVED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(MOVED, changed);
  };
}
