import type { Picture, RunningRpcHost } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';
import { followPicture } from './follow-picture.ts';
import { renewLeases } from './renew-leases.ts';

export type Joined = {
  /** Takes this process out of everybody's picture. Before draining; when discovery is gone the leases run out by themselves. */
  withdraw(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Registers the process's units as they begin to serve, and keeps `picture` up to date. `picture` must name discovery itself as pinned.
 * When discovery is gone the picture stays as it was.
 */
export function joinDiscovery(needs: { host: RunningRpcHost; picture: Picture; log: Logger }): Joined {
  const leases = renewLeases(needs);
  const following = followPicture(needs);
  return {
    withdraw: () => leases.withdraw(),
    async stop() {
      await Promise.all([leases.stop(), following.stop()]);
    },
  };
}
