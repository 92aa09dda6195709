import type { Handlers } from '@bioscope/rpc';
import type { DiscoveryService } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';

const WAIT_MS_MAX = 30_000;

export function watch(directory: Directory): Handlers<typeof DiscoveryService>['watch'] {
  return async (request, context) => {
    await directory.changedFrom(request.knownVersion, Math.min(request.waitMs, WAIT_MS_MAX), context.signal);
    return { version: directory.leases.version(), instances: [...directory.leases.instances()] };
  };
}
