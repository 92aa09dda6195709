import { createContext, use, useSyncExternalStore, type ReactNode } from 'react';
import type { Doors } from '../api/doors.ts';
import type { LanguageStore } from '../language/language-store.ts';
import type { PageSettings } from '../settings.ts';
import type { MemberSession, Who } from './session.ts';

/** What every page may ask for. Made once, when the app starts. */
export type House = {
  readonly doors: Doors;
  readonly session: MemberSession;
  readonly languages: LanguageStore;
  readonly settings: PageSettings;
};

const HouseContext = createContext<House | null>(null);

export function HouseProvider({ house, children }: { house: House; children: ReactNode }): ReactNode {
  return <HouseContext value={house}>{children}</HouseContext>;
}

export function useHouse(): House {
  const house = use(HouseContext);
  if (house === null) throw new Error('there is no house around this part');
  return house;
}

/** Who sits in front of the screen; draws anew when that changes. */
export function useWho(): Who {
  const { session } = useHouse();
  return useSyncExternalStore(session.subscribe, session.who);
}
