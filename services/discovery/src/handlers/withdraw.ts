import { RpcError } from '@bioscope/rpc';
import type { Handlers } from '@bioscope/rpc';
import type { DiscoveryService } from '../../contract/index.ts';
import type { Directory } from '../directory.ts';
import { isSequence } from '../domain/check-instance.ts';
import { DEPARTURE_MS } from '../domain/lease-table.ts';

export function withdraw(directory: Directory): Handlers<typeof DiscoveryService>['withdraw'] {
  return ({ instanceId, sequence }, context) => {
    if (!isSequence(sequence)) throw new RpcError('invalid_argument', 'sequence: a whole number above 0');
    const { caller: service } = context;
    directory.copy.hear({ kind: 'withdrawn', service, instanceId, sequence, leftMs: DEPARTURE_MS }, directory.nowMs());
    directory.announce();
    return {};
  };
}
