import type { Handlers } from '@bioscope/rpc';
import type { DiscoveryService } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';

export function withdraw(directory: Directory): Handlers<typeof DiscoveryService>['withdraw'] {
  return (request, context) => {
    directory.leases.withdraw(context.caller, request.instanceId);
    directory.announce();
    return {};
  };
}
