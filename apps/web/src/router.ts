import { useSyncExternalStore } from 'react';

export type Route =
  | { kind: 'home' }
  | { kind: 'title'; titleId: string }
  | { kind: 'watch'; titleId: string }
  | { kind: 'person'; personId: string }
  | { kind: 'search' }
  | { kind: 'my_list' }
  | { kind: 'join' }
  | { kind: 'verify' }
  | { kind: 'choose_plan' }
  | { kind: 'pay'; planId: string }
  | { kind: 'sign_in' }
  | { kind: 'reset' }
  | { kind: 'profiles' }
  | { kind: 'account' }
  | { kind: 'change_plan' }
  | { kind: 'update_card' }
  | { kind: 'cancel' }
  | { kind: 'not_found' };

/** Ids as the catalogue makes them; anything else in their place is a mistyped address. */
const ID = /^[A-Za-z0-9_-]{1,64}$/;

const PLACES: Readonly<Record<string, Route>> = {
  '': { kind: 'home' },
  search: { kind: 'search' },
  list: { kind: 'my_list' },
  join: { kind: 'join' },
  verify: { kind: 'verify' },
  'join/plan': { kind: 'choose_plan' },
  'sign-in': { kind: 'sign_in' },
  reset: { kind: 'reset' },
  profiles: { kind: 'profiles' },
  account: { kind: 'account' },
  'account/plan': { kind: 'change_plan' },
  'account/card': { kind: 'update_card' },
  'account/cancel': { kind: 'cancel' },
};

export function parseRoute(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const place = parts.join('/');
  const known = Object.hasOwn(PLACES, place) ? PLACES[place] : undefined;
  if (known !== undefined) return known;
  const id = parts.at(-1) ?? '';
  if (!ID.test(id)) return { kind: 'not_found' };
  switch (parts.slice(0, -1).join('/')) {
    case 'title':
      return { kind: 'title', titleId: id };
    case 'watch':
      return { kind: 'watch', titleId: id };
    case 'person':
      return { kind: 'person', personId: id };
    case 'join/plan':
      return { kind: 'pay', planId: id };
    default:
      return { kind: 'not_found' };
  }
}

export const pathOf = {
  home: '/',
  title: (titleId: string): string => `/title/${titleId}`,
  watch: (titleId: string): string => `/watch/${titleId}`,
  /** Ignores the bookmark. */
  watchFromStart: (titleId: string): string => `/watch/${titleId}#start`,
  person: (personId: string): string => `/person/${personId}`,
  search: '/search',
  myList: '/list',
  join: '/join',
  choosePlan: '/join/plan',
  pay: (planId: string): string => `/join/plan/${planId}`,
  signIn: '/sign-in',
  reset: '/reset',
  profiles: '/profiles',
  account: '/account',
  changePlan: '/account/plan',
  updateCard: '/account/card',
  cancel: '/account/cancel',
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
