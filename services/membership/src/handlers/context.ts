import type { ChangeMember } from '../change-member.ts';
import type { MembershipConfig } from '../config.ts';
import type { Offers } from '../offers.ts';
import type { MembersStore } from '../store.ts';

/** What the handlers of membership work with. */
export type MembershipParts = {
  readonly store: MembersStore;
  readonly change: ChangeMember;
  readonly offers: Offers;
  readonly config: MembershipConfig;
  readonly nowMs: () => number;
  readonly newId: () => string;
};
