import type { GraphContext, OwnMethods, ResolverMap } from '@bioscope/graph';
import { graphRefusal } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';

import {
  MemberStateSchema,
  Refusal,
  RefusalSchema,
  type ChangeResponse,
  type Membership,
  type MembershipService,
} from '../contract/index.ts';
import type { OwnerGuard } from './owner-guard.ts';

type Own = Pick<OwnMethods<typeof MembershipService>, 'getOwnMembership' | 'cancel' | 'undoCancel' | 'changePlan' | 'cancelPlanChange'>;
type Context = GraphContext<Passport, null>;

/** Membership's part of the graph (`schema.graphql`). */
export function membershipResolvers(own: Own, guard: OwnerGuard): ResolverMap {
  const changed = async (change: Promise<ChangeResponse>) => {
    const { refused, membership } = await change;
    return { refused: refused === Refusal.NONE ? null : (RefusalSchema.value[refused]?.localName ?? 'UNKNOWN'), membership };
  };
  const owner = async ({ asker, call }: Context): Promise<void> => {
    if (asker.accountId === '') throw graphRefusal('SIGN_IN_NEEDED', 'Sign in first.');
    const refused = await guard(call);
    if (refused !== null)
      throw graphRefusal(refused.because.toUpperCase(), 'The account may not be changed from here now.', { lifts: refused.lifts });
  };
  const command =
    <A extends object>(run: (given: A, context: Context) => Promise<ChangeResponse>) =>
    async (_root: unknown, given: A, context: Context) => {
      await owner(context);
      return changed(run(given, context));
    };
  const ref = (id: string | undefined): { id: string } | null => (id === undefined || id === '' ? null : { id });
  return {
    Query: {
      membership: async (_root: unknown, _arguments: object, { asker, call }: Context) =>
        asker.accountId === '' ? null : (await own.getOwnMembership({}, call)).membership,
    },
    Mutation: {
      cancelMembership: command<{ commandId: string; why?: string | null }>(({ commandId, why }, { call }) =>
        own.cancel({ commandId, why: why ?? '' }, call),
      ),
      undoCancelMembership: command<{ commandId: string }>(({ commandId }, { call }) => own.undoCancel({ commandId }, call)),
      changePlan: command<{ commandId: string; planId: string }>(({ commandId, planId }, { call }) =>
        own.changePlan({ commandId, planId }, call),
      ),
      cancelPlanChange: command<{ commandId: string }>(({ commandId }, { call }) => own.cancelPlanChange({ commandId }, call)),
    },
    Membership: {
      state: ({ state }: Membership) => MemberStateSchema.value[state]?.localName ?? 'NONE',
      plan: ({ plan }: Membership) => ref(plan?.planId),
      renewalPlan: ({ renewalPlanId }: Membership) => ref(renewalPlanId),
      renewalPrice: ({ renewalPriceId }: Membership) => ref(renewalPriceId),
      country: ({ country }: Membership) => country || null,
      periodFromMs: ({ periodFromMs }: Membership) => periodFromMs || null,
      periodUntilMs: ({ periodUntilMs }: Membership) => periodUntilMs || null,
      holdAtMs: ({ holdAtMs }: Membership) => holdAtMs || null,
      lapseAtMs: ({ lapseAtMs }: Membership) => lapseAtMs || null,
    },
  };
}
