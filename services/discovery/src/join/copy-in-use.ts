import assert from 'node:assert/strict';
import type { Client, DiscoveryView, RunningRpcHost } from '@bioscope/rpc';
import { DiscoveryService } from '../../contract/index.ts';
import { createNearestCopy } from '../domain/nearest-copy.ts';

/** The copy that this process registers with and watches; both move together when it falls silent. */
export type CopyInUse = {
  /** Undefined when no copy is known. */
  current(): UsedCopy | undefined;
  /** See `NearestCopy`. */
  leave(copy: UsedCopy): void;
  /** A copy by its address, without using it for anything else. */
  at(address: string): Pick<UsedCopy, 'as'>;
  /** Goes back to a nearer copy if one answers. */
  tryNearer(signal: AbortSignal): Promise<void>;
};

export type UsedCopy = {
  readonly address: string;
  /** Aborts when another is used. */
  readonly left: AbortSignal;
  as(unit: string): Client<typeof DiscoveryService>;
};

/** Only to find out whether it is there: the next time comes soon. */
const PROBE_DEADLINE_MS = 500;

export function createCopyInUse({ host, picture }: { host: RunningRpcHost; picture: DiscoveryView }): CopyInUse {
  const nearest = createNearestCopy({ copies: () => picture.instances('discovery'), zone: host.zone, region: host.region });
  const [anyUnit] = host.units;
  assert(anyUnit !== undefined, 'a process without units has nobody to ask as');
  let used: { readonly copy: UsedCopy; readonly leave: AbortController } | undefined;

  function at(address: string): (unit: string) => Client<typeof DiscoveryService> {
    return (unit) => host.as(unit).client(DiscoveryService, { at: address });
  }

  function current(): UsedCopy | undefined {
    const address = nearest.current(performance.now());
    if (address === used?.copy.address) return used?.copy;
    used?.leave.abort();
    if (address === undefined) return (used = undefined);
    const leave = new AbortController();
    used = { copy: { address, left: leave.signal, as: at(address) }, leave };
    return used.copy;
  }

  return {
    current,
    at: (address) => ({ as: at(address) }),
    leave({ address }) {
      nearest.leave(address, performance.now());
      current();
    },
    async tryNearer(signal) {
      for (const address of nearest.nearer()) {
        try {
          const { ready } = await at(address)(anyUnit).renew({}, { deadlineMs: PROBE_DEADLINE_MS, signal });
          if (!ready) continue;
          nearest.comeBack(address);
          current();
          return;
        } catch {
          // Still away, which is why another is used.
        }
      }
    },
  };
}
