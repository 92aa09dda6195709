import { PlansService } from '@bioscope/plans/contract';
import { RpcError, type RequestContext, type Rpc } from '@bioscope/rpc';

import type { Choice } from '../contract/index.ts';

/** What is offered in a country at a time: one plan of it, null when it is not offered there. Rejects with `unavailable` when plans does not answer. */
export type Offers = (
  wanted: { readonly planId: string; readonly country: string; readonly atMs: number },
  within: RequestContext,
) => Promise<Choice | null>;

export function offersOf(rpc: Pick<Rpc, 'client'>): Offers {
  const plans = rpc.client(PlansService);
  return async ({ planId, country, atMs }, within) => {
    const { offers } = await plans
      .listOffers({ country, atMs }, { within, deadlineMs: DEADLINE_MS, idempotent: true })
      .catch((cause: unknown) => {
        throw new RpcError('unavailable', 'the plans cannot be asked now; nothing was changed, try again', { cause });
      });
    const found = offers.find(({ plan }) => plan?.id === planId);
    if (found?.plan === undefined || found.price === undefined) return null;
    const { id, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax } = found.plan;
    const terms = { planId: id, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax };
    return { terms, priceId: found.price.id };
  };
}

const DEADLINE_MS = 1_500;
