import type { RequestContext } from '@bioscope/rpc';
import type { Appliance, WatchPictureRequest } from '../../contract/index.ts';
import { bytesOf } from '../domain/edition.ts';
import type { Holdings } from '../holdings.ts';
import type { Picture } from '../picture.ts';
import { waitEnd } from './wait.ts';

export type PictureShown = { version: number; appliances: Appliance[]; editionBytes: Record<string, number> };

export async function watchPicture(
  on: { readonly holdings: Holdings; readonly picture: Picture; now(): number; settled(signal: AbortSignal): Promise<void> },
  request: WatchPictureRequest,
  context: Pick<RequestContext, 'deadlineAtMs' | 'signal'>,
): Promise<PictureShown> {
  // Before every living appliance could report, the picture would show a network without servers.
  await on.settled(context.signal);
  const until = waitEnd(on.now(), request.waitMs, context.deadlineAtMs);
  // Not `<`: a picture from a later process whose clock was set back is news too.
  while (on.picture.version === request.knownVersion && !context.signal.aborted) {
    const leftMs = until - on.now();
    if (leftMs <= 0) break;
    await on.picture.changed(leftMs, context.signal);
  }
  const editionBytes = Object.fromEntries(on.holdings.all().map((edition) => [edition.editionId, bytesOf(edition)]));
  return { version: on.picture.version, appliances: on.picture.appliances(), editionBytes };
}
