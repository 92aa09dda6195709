import { RpcError } from '@bioscope/rpc';
import type { Handlers, Instance } from '@bioscope/rpc';
import type { DiscoveryService } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';
import { checkInstance, isSequence } from '../domain/check-instance.ts';

const LEASE_MS_MIN = 1_000;
/** Longer leases would name the dead for too long. */
const LEASE_MS_MAX = 30_000;
/** A process names each of its units once. */
const INSTANCES_MAX = 64;

export function renew(directory: Directory): Handlers<typeof DiscoveryService>['renew'] {
  return ({ instances: given, leaseMs: wished, sequence }, context) => {
    if (given.length > INSTANCES_MAX) throw new RpcError('invalid_argument', `instances: at most ${INSTANCES_MAX} at once`);
    if (given.length > 0 && !isSequence(sequence)) throw new RpcError('invalid_argument', 'sequence: a whole number above 0');
    const instances: Instance[] = [];
    for (const message of given) {
      const checked = checkInstance(message, context.caller);
      if ('wrong' in checked) throw new RpcError('invalid_argument', checked.wrong);
      instances.push(checked.instance);
    }
    const { copy } = directory;
    const leaseMs = Math.min(Math.max(wished, LEASE_MS_MIN), LEASE_MS_MAX);
    for (const instance of instances) {
      const heard = copy.hear({ kind: 'present', instance, sequence, leaseMs, leftMs: leaseMs }, directory.nowMs());
      if (heard === 'full') throw new RpcError('resource_exhausted', 'the registry is full');
    }
    directory.announce();
    return { ready: copy.isReady(directory.nowMs()) && !directory.isRetired(), cutOffFrom: [...copy.cutOffFrom()] };
  };
}
