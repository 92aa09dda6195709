import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { RankRequest, RankResponseSchema } from '../../contract/index.ts';
import type { SteeringConfig } from '../config.ts';
import { rank, type Ranked } from '../domain/rank.ts';
import { nearnessFor } from '../domain/routes.ts';
import { ttlSecondsFor } from '../domain/steering-reply.ts';
import type { FollowedPicture } from '../picture.ts';

export type RankingNeeds = SteeringConfig & { readonly picture: Pick<FollowedPicture, 'last'> };

/** Null while nothing is known of any appliance. */
export function rankNow(
  on: RankingNeeds,
  request: { readonly editionId: string; readonly sessionId: string; readonly clientAddress: string },
): Ranked[] | null {
  const picture = on.picture.last();
  if (picture === null) return null;
  const nearness = nearnessFor(on.routes, request.clientAddress);
  return rank({
    editionId: request.editionId,
    sessionId: request.sessionId,
    appliances: picture.appliances.filter((appliance) => !on.partners.has(appliance.site) || nearness(appliance) > 0),
    editionBytes: picture.editionBytes[request.editionId] ?? null,
    nearness,
    region: on.region,
  });
}

export function rankPathways(on: RankingNeeds, request: RankRequest): MessageInitShape<typeof RankResponseSchema> {
  if (request.editionId === '') throw new RpcError('invalid_argument', 'edition_id: empty; say which edition is to be played');
  const ranked = rankNow(on, request);
  if (ranked === null) throw new RpcError('unavailable', 'control has not yet said which appliances there are; try again shortly');
  return {
    pathways: ranked.map(({ appliance, usable, why }) => ({ id: appliance.id, baseUrl: appliance.baseUrl, usable, why })),
    ttlS: ttlSecondsFor(ranked),
  };
}
