import { RpcError, type RequestContext } from '@bioscope/rpc';
import type { AwaitEditionRequest } from '../../contract/index.ts';
import { bytesOf } from '../domain/edition.ts';
import { holdingOf, type Holding } from '../domain/progress.ts';
import type { Holdings } from '../holdings.ts';
import type { Picture } from '../picture.ts';
import { waitEnd } from './wait.ts';

export async function awaitEdition(
  on: { readonly holdings: Holdings; readonly picture: Picture; now(): number },
  request: AwaitEditionRequest,
  context: Pick<RequestContext, 'deadlineAtMs' | 'signal'>,
): Promise<Holding> {
  const until = waitEnd(on.now(), request.waitMs, context.deadlineAtMs);
  for (;;) {
    const edition = on.holdings.get(request.editionId);
    if (edition === undefined) throw new RpcError('not_found', `edition ${request.editionId} is not planned; hold it first`);
    const holding = holdingOf(edition.editionId, bytesOf(edition), on.picture.appliances());
    const leftMs = until - on.now();
    if (holding.held || leftMs <= 0 || context.signal.aborted) return holding;
    await on.picture.changed(leftMs, context.signal);
  }
}
