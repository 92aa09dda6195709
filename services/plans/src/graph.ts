import DataLoader from 'dataloader';
import type { GraphContext, OwnMethods, ResolverMap } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext } from '@bioscope/rpc';

import type { GetPriceResponse, Plan, PlansService, Price } from '../contract/index.ts';

type Own = Pick<OwnMethods<typeof PlansService>, 'listOffers' | 'listPlans' | 'listCountries' | 'getPrice'>;
export type PlansLoaders = {
  readonly plans: DataLoader<string, Plan | null>;
  readonly prices: DataLoader<string, GetPriceResponse | null>;
};
type Context = GraphContext<Passport, PlansLoaders>;

/** Plans are a handful, and prices are in memory. */
export function plansLoaders(own: Own, call: RequestContext): PlansLoaders {
  return {
    plans: new DataLoader<string, Plan | null>(async (ids) => {
      const { plans } = await own.listPlans({}, call);
      return ids.map((id) => plans.find((plan) => plan.id === id) ?? null);
    }),
    prices: new DataLoader<string, GetPriceResponse | null>((ids) =>
      Promise.all(ids.map((priceId) => orNull(own.getPrice({ priceId }, call)))),
    ),
  };
}

/** The price book's part of the graph (`schema.graphql`). */
export function plansResolvers(own: Own): ResolverMap {
  return {
    Query: {
      async offers(_root: unknown, given: { country?: string | null }, { asker, call }: Context) {
        const country = given.country ?? asker.country;
        if (country === '') return { country: null, trialDays: 0, offers: [] };
        const { offers, trialDays } = await own.listOffers({ country }, call);
        return { country, trialDays, offers };
      },
      countries: async (_root: unknown, _arguments: object, { call }: Context) => (await own.listCountries({}, call)).countries,
    },
    Plan: {
      __resolveReference: ({ id }: { id: string }, { loaders }: Context) => loaders.plans.load(id),
    },
    Price: {
      __resolveReference: async ({ id }: { id: string }, { loaders }: Context) => (await loaders.prices.load(id))?.price ?? null,
      plan: ({ planId }: Price, _arguments: object, { loaders }: Context) => loaders.plans.load(planId),
    },
  };
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (fault) {
    if (fault instanceof RpcError && (fault.code === 'not_found' || fault.code === 'invalid_argument')) return null;
    throw fault;
  }
}
