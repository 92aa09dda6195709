import { RpcError } from '@bioscope/rpc';
import type { Handlers, Instance } from '@bioscope/rpc';
import type { DiscoveryService } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';
import { checkInstance } from '../domain/check-instance.ts';

const LEASE_MS_MIN = 1_000;
/** Longer leases would name the dead for too long. */
const LEASE_MS_MAX = 30_000;
/** A process names each of its units once. */
const INSTANCES_MAX = 64;

export function renew(directory: Directory): Handlers<typeof DiscoveryService>['renew'] {
  return (request, context) => {
    if (request.instances.length > INSTANCES_MAX) throw new RpcError('invalid_argument', `instances: at most ${INSTANCES_MAX} at once`);
    const instances: Instance[] = [];
    for (const given of request.instances) {
      const checked = checkInstance(given, context.caller);
      if ('wrong' in checked) throw new RpcError('invalid_argument', checked.wrong);
      instances.push(checked.instance);
    }
    const untilMs = directory.nowMs() + Math.min(Math.max(request.leaseMs, LEASE_MS_MIN), LEASE_MS_MAX);
    for (const instance of instances) {
      if (!directory.leases.renew(instance, untilMs)) throw new RpcError('resource_exhausted', 'the registry is full');
    }
    directory.announce();
    return { version: directory.leases.version() };
  };
}
