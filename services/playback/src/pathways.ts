import type { RequestContext, Rpc } from '@bioscope/rpc';
import { SteeringService } from '@bioscope/steering/contract';

import { choosePathways } from './domain/choose-pathways.ts';
import type { PathwayBase } from './domain/manifest/presentation.ts';

export type RankedPathways = {
  /** Best first; empty when no appliance can serve the edition now. Rejects when steering is gone and never spoke of the edition. */
  rank(
    request: { readonly editionId: string; readonly sessionId: string; readonly clientAddress: string },
    within?: RequestContext,
  ): Promise<readonly PathwayBase[]>;
};

const DEADLINE_MS = 1_000;
/** Editions whose last order is remembered; a hundred bytes each. */
const REMEMBERED_MAX = 5_000;

/**
 * Asks steering for every session, as it spreads sessions over equal servers. When it is gone: the order it gave last for the edition, which may
 * name a server that has died since; the player leaves that by itself.
 */
export function rankedPathways(rpc: Rpc): RankedPathways {
  const client = rpc.client(SteeringService);
  const last = new Map<string, readonly PathwayBase[]>();
  const remember = (editionId: string, pathways: readonly PathwayBase[]): void => {
    last.delete(editionId);
    last.set(editionId, pathways);
    for (const oldest of last.keys()) {
      if (last.size <= REMEMBERED_MAX) break;
      last.delete(oldest);
    }
  };
  return {
    async rank(request, within) {
      try {
        const options = { deadlineMs: DEADLINE_MS, idempotent: true, ...(within === undefined ? {} : { within }) };
        const pathways = choosePathways((await client.rank(request, options)).pathways);
        if (pathways.length > 0) remember(request.editionId, pathways);
        return pathways;
      } catch (fault) {
        const remembered = last.get(request.editionId);
        if (remembered === undefined) throw fault;
        return remembered;
      }
    },
  };
}
