import type { Standing } from './next-step.ts';

export type StartRefusal = 'country_unknown' | 'plan_not_offered_here' | 'payment_due' | 'already_member';

/** In which country somebody signs up: where the passport places them; only where it knows nothing, what they say. */
export function countryOfStart(
  passport: { readonly country: string },
  said: string,
): { readonly country: string } | { readonly refused: StartRefusal } {
  const country = passport.country === '' ? said : passport.country;
  if (!/^[A-Z]{2}$/.test(country)) return { refused: 'country_unknown' };
  // The member saw another country's price than they would pay.
  if (said !== '' && said !== country) return { refused: 'plan_not_offered_here' };
  return { country };
}

/** Null: may start. */
export function refusalOfStart(state: Standing['state']): StartRefusal | null {
  switch (state) {
    case 'none':
    case 'funnel':
    case 'lapsed':
      return null;
    case 'past_due':
    case 'on_hold':
      return 'payment_due';
    case 'trial':
    case 'active':
    case 'ending':
      return 'already_member';
    default:
      return state satisfies never;
  }
}
