import { pathOf } from '../router.ts';

/** What a button does about a refusal. */
export type WayOut = { readonly lift: string; readonly way: { readonly kind: 'go'; readonly to: string } | { readonly kind: 'retry' } };

/** Pages on which a refusal can be lifted, by access's LIFTS (@bioscope/access/contract). Time and other screens are no page. */
const PLACES: Readonly<Partial<Record<string, string>>> = {
  sign_in: pathOf.signIn,
  choose_plan: pathOf.choosePlan,
  pay: pathOf.choosePlan,
  rejoin: pathOf.choosePlan,
  update_payment: pathOf.updateCard,
  choose_higher_plan: pathOf.changePlan,
  choose_profile: pathOf.profiles,
  enter_profile_pin: pathOf.profiles,
  switch_profile: pathOf.profiles,
  enter_account_pin: pathOf.account,
  say_country: pathOf.account,
  remove_a_device: pathOf.account,
};

/** What only grown-ups decide. */
const OF_THE_ACCOUNT = [
  'choose_plan',
  'pay',
  'rejoin',
  'update_payment',
  'choose_higher_plan',
  'enter_account_pin',
  'say_country',
  'remove_a_device',
];

/** The buttons for a refusal, the best first. What nobody can press is left out: waiting, and what this profile may not do. */
export function waysOut(lifts: readonly string[], { isKids }: { isKids: boolean }): WayOut[] {
  return lifts.flatMap((lift): WayOut[] => {
    if (isKids && OF_THE_ACCOUNT.includes(lift)) return [];
    if (lift === 'try_again') return [{ lift, way: { kind: 'retry' } }];
    const to = Object.hasOwn(PLACES, lift) ? PLACES[lift] : undefined;
    return to === undefined ? [] : [{ lift, way: { kind: 'go', to } }];
  });
}
