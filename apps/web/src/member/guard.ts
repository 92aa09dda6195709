import type { Route } from '../router.ts';
import type { Who } from './session.ts';

/** What is shown at an address to who sits here. The address stays: after signing in one is where one wanted to be. */
export type Admission = 'page' | 'landing' | 'sign_in' | 'choose_profile' | 'opening' | 'unreachable' | 'not_found';

/** Pages for everybody, also for those who are not signed in. */
const OPEN: readonly Route['kind'][] = ['join', 'verify', 'sign_in', 'reset', 'not_found'];
/** Pages of an account, whoever of the household is watching. */
const WITHOUT_PROFILE: readonly Route['kind'][] = ['choose_plan', 'pay', 'profiles', 'account', 'change_plan', 'update_card', 'cancel'];
/** Not for kids: money and settings. */
const GROWN_UPS: readonly Route['kind'][] = ['choose_plan', 'pay', 'account', 'change_plan', 'update_card', 'cancel'];
/** Pages of a service without accounts. */
const WITHOUT_MEMBERS: readonly Route['kind'][] = ['home', 'title', 'watch', 'not_found'];

/** Pages that stay as they are when somebody signs in on them: a link is followed there, say. */
export function isForEverybody({ kind }: Route): boolean {
  return OPEN.includes(kind);
}

export function admit(route: Route, who: Who, members: 'required' | 'none'): Admission {
  if (members === 'none') return WITHOUT_MEMBERS.includes(route.kind) ? 'page' : 'not_found';
  if (isForEverybody(route)) return 'page';
  switch (who.kind) {
    case 'opening':
    case 'unreachable':
      return who.kind;
    case 'visitor':
      return route.kind === 'home' ? 'landing' : 'sign_in';
    case 'member':
      if (who.profile?.isKids === true && GROWN_UPS.includes(route.kind)) return 'choose_profile';
      return who.profile !== null || WITHOUT_PROFILE.includes(route.kind) ? 'page' : 'choose_profile';
    default:
      return who satisfies never;
  }
}
