import type { Route } from '../router.ts';
import type { Who } from './session.ts';

/** What is shown at an address to who sits here. The address stays: after signing in one is where one wanted to be. */
export type Admission = 'page' | 'landing' | 'sign_in' | 'choose_profile' | 'opening' | 'unreachable' | 'not_found';

/** Pages for everybody, also for those who are not signed in. */
const OPEN: readonly Route['kind'][] = ['join', 'verify', 'sign_in', 'reset', 'not_found'];
/** Pages of an account, whoever of the household is watching. */
const WITHOUT_PROFILE: readonly Route['kind'][] = ['choose_plan', 'pay', 'profiles', 'account', 'change_plan', 'update_card', 'cancel'];
/** Pages of a service without accounts. */
const WITHOUT_MEMBERS: readonly Route['kind'][] = ['home', 'title', 'watch', 'not_found'];

export function admit(route: Route, who: Who, members: 'required' | 'none'): Admission {
  if (members === 'none') return WITHOUT_MEMBERS.includes(route.kind) ? 'page' : 'not_found';
  if (OPEN.includes(route.kind)) return 'page';
  switch (who.kind) {
    case 'opening':
    case 'unreachable':
      return who.kind;
    case 'visitor':
      return route.kind === 'home' ? 'landing' : 'sign_in';
    case 'member':
      return who.profile !== null || WITHOUT_PROFILE.includes(route.kind) ? 'page' : 'choose_profile';
    default:
      return who satisfies never;
  }
}
