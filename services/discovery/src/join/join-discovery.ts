import type { Picture, RunningRpcHost } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { createCopyInUse } from './copy-in-use.ts';
import { followPicture } from './follow-picture.ts';
import { renewLeases } from './renew-leases.ts';

export type Joined = {
  /**
   * Takes this process out of everybody's picture, and returns when callers had the time to hear of it. Before draining: then those that are under way
   * finish, and nobody has to be refused. When discovery is gone the leases run out by themselves.
   */
  withdraw(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Registers the process's units as they begin to serve, and keeps `picture` up to date. `picture` must name the copies of discovery as pinned, with zone
 * and region where there are several: the nearest that answers is used. While none answers the picture stays as it was.
 */
export function joinDiscovery(needs: { host: RunningRpcHost; picture: Picture; log: Logger }): Joined {
  const copyInUse = createCopyInUse(needs);
  const leases = renewLeases({ ...needs, copyInUse });
  const following = followPicture({ ...needs, copyInUse });
  return {
    withdraw: () => leases.withdraw(),
    async stop() {
      await Promise.all([leases.stop(), following.stop()]);
    },
  };
}
