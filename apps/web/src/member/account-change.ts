import type { Account } from './session-door.ts';

/** What identity's mutations answer with. */
export type AccountChange = {
  readonly refused: { readonly because: string; readonly field: string | null } | null;
  readonly account: Account | null;
};
