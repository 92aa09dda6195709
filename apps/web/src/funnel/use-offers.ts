import { useMemo } from 'react';
import { useRemote, type Remote } from '../api/use-remote.ts';
import { useHouse, useWho } from '../member/member-context.tsx';
import type { Offers } from './offer.ts';
import { COUNTRIES, OFFERS } from './operations.ts';

/** What is offered in a country; without one, where who asks is. */
export function useOffers(country: string | null): { remote: Remote<Offers>; retry: () => void } {
  const { doors } = useHouse();
  const question = useMemo(
    () => ({
      key: `offers ${country ?? ''}`,
      ask: async (signal: AbortSignal) => (await doors.ask(OFFERS, { country }, { signal })).offers,
    }),
    [doors, country],
  );
  return useRemote<Offers>(question);
}

/** What is offered to a member: where they are now, or where they say; where nobody knows that, in the country that they signed up in. */
export function useMembersOffers(said: string | null): { remote: Remote<Offers>; retry: () => void } {
  const who = useWho();
  const home = who.kind === 'member' && who.account.country !== '' ? who.account.country : null;
  const here = useOffers(said);
  const there = useOffers(home);
  return here.remote.kind === 'ready' && here.remote.value.country === null && home !== null ? there : here;
}

const NONE: readonly string[] = [];

/** Where anything is offered; empty while unknown. */
export function useCountries(): readonly string[] {
  const { doors } = useHouse();
  const question = useMemo(
    () => ({
      key: 'countries',
      ask: async (signal: AbortSignal) => (await doors.ask(COUNTRIES, {}, { signal })).countries.map(({ code }) => code),
    }),
    [doors],
  );
  const { remote } = useRemote<readonly string[]>(question);
  return remote.kind === 'ready' ? remote.value : NONE;
}
