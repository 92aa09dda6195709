import { RegionsService } from '@bioscope/regions/contract';
import type { Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { openClientMaps } from './client-maps.ts';
import { compileSteering } from './compile-steering.ts';
import { readSteeringConfig } from './config.ts';
import { followRegions } from './follow-regions.ts';
import { keptPicture } from './kept-picture.ts';
import type { Steering } from './port.ts';
import { NO_PICTURE, readPicture } from './steering-picture.ts';

/**
 * Steering that follows the regions unit. It answers from the picture on disk at once, and with no addresses only where no picture ever came. Rejects when a setting or a file is
 * wrong, and says which.
 */
export async function openRegionSteering({
  rpc,
  log,
  environment,
}: {
  rpc: Pick<Rpc, 'client'>;
  log: Logger;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<{ steering: Steering; close(): Promise<void> }> {
  const config = readSteeringConfig(environment);
  const maps = await openClientMaps(config);
  let compiled = compileSteering(NO_PICTURE, maps);
  const following = await followRegions({
    client: rpc.client(RegionsService),
    kept: keptPicture(config.pictureFile),
    log,
    onPicture(picture) {
      compiled = compileSteering(readPicture(picture), maps);
    },
  });
  return {
    steering: {
      answer: (name, client) => compiled.answer(name, client),
      explain: (name, client) => compiled.explain(name, client),
    },
    close: () => following.stop(),
  };
}
