import { useSyncExternalStore } from 'react';

export type Route =
  | { kind: 'films' }
  | { kind: 'film'; titleId: string }
  | { kind: 'members' }
  | { kind: 'member'; accountId: string }
  | { kind: 'live' }
  | { kind: 'regions' }
  | { kind: 'appliances' }
  | { kind: 'mail' }
  | { kind: 'welcome' }
  | { kind: 'not_found' };

/** Those that are about nothing in particular. */
const PAGES = ['members', 'live', 'regions', 'appliances', 'mail', 'welcome'] as const;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

export function parseRoute(path: string): Route {
  const [page = '', id, ...more] = path.split('/').filter((part) => part !== '');
  if (more.length > 0 || (id !== undefined && !ID.test(id))) return { kind: 'not_found' };
  if (id !== undefined) {
    if (page === 'films') return { kind: 'film', titleId: id };
    if (page === 'members') return { kind: 'member', accountId: id };
    return { kind: 'not_found' };
  }
  if (page === '' || page === 'films') return { kind: 'films' };
  return (PAGES as readonly string[]).includes(page) ? { kind: page as (typeof PAGES)[number] } : { kind: 'not_found' };
}

export const pathOf = {
  films: '/films',
  film: (titleId: string): string => `/films/${titleId}`,
  members: '/members',
  member: (accountId: string): string => `/members/${accountId}`,
  live: '/live',
  regions: '/regions',
  appliances: '/appliances',
  mail: '/mail',
};

const MOVED = 'bioscope:moved';

/** Goes to a page of the console without loading it anew. */
export function goTo(path: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', path);
  else history.replaceState(null, '', path);
  window.dispatchEvent(new Event(MOVED));
  window.scrollTo({ top: 0 });
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
