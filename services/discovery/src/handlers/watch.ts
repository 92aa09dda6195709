import { RpcError } from '@bioscope/rpc';
import type { Handlers } from '@bioscope/rpc';
import type { DiscoveryService } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';
import { instanceToMessage } from '../peers/messages.ts';

const WAIT_MS_MAX = 30_000;

export function watch(directory: Directory): Handlers<typeof DiscoveryService>['watch'] {
  const { copy } = directory;
  const { leases } = copy;
  return async ({ knownCopy, knownVersion, waitMs }, context) => {
    refuseUnlessReady(directory);
    if (knownCopy === copy.id) {
      await directory.newerThan(knownVersion, Math.min(waitMs, WAIT_MS_MAX), context.signal);
      refuseUnlessReady(directory);
    }
    const nowMs = directory.nowMs();
    const changes = knownCopy === copy.id ? leases.changes.since(knownVersion) : undefined;
    const instances = changes?.changed.flatMap((key) => leases.instance(key, nowMs) ?? []) ?? leases.instances(nowMs);
    return {
      copy: copy.id,
      version: leases.changes.version(),
      whole: changes === undefined,
      instances: instances.map(instanceToMessage),
      gone: changes?.gone.map(goneOf) ?? [],
      preserving: leases.isPreserving(),
    };
  };
}

/** Throws `unavailable` where another copy should be asked. */
export function refuseUnlessReady(directory: Directory): void {
  if (directory.isRetired()) throw new RpcError('unavailable', 'this copy is going away', { surelyNotRun: true });
  if (!directory.copy.isReady(directory.nowMs()))
    throw new RpcError('unavailable', 'this copy is still finding out who runs', { surelyNotRun: true });
}

function goneOf(key: string): { service: string; instanceId: string } {
  const [service = '', instanceId = ''] = key.split(' ');
  return { service, instanceId };
}
