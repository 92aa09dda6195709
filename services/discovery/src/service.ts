import { randomUUID } from 'node:crypto';
import { AccessService } from '@bioscope/access/contract';
import { operatorGuard } from '@bioscope/access/contract/operator-guard';
import { port, unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { DiscoveryService, OperatorService } from '../contract/index.ts';
import { createDirectory } from './directory.ts';
import { exchange } from './handlers/exchange.ts';
import { listInstances } from './handlers/list-instances.ts';
import { renew } from './handlers/renew.ts';
import { watch } from './handlers/watch.ts';
import { withdraw } from './handlers/withdraw.ts';
import { tellPeers } from './peers/tell-peers.ts';
import { reportState } from './report-state.ts';

export { joinDiscovery } from './join/join-discovery.ts';
export type { Joined } from './join/join-discovery.ts';

/** One copy of the registry. It keeps nothing on disk: its peers tell it who runs, and whoever runs says so again within a second. */
export function discoveryUnit({
  peers,
}: {
  /** host:port of the copies. All may be given the same list: a copy recognises itself. They should be pinned in the process's picture too. */
  readonly peers: readonly string[];
}) {
  return unit({
    name: 'discovery',
    needs: { rpc: port<RpcHost>('rpc') },
    gives: {},
    async start({ rpc: host }, { log, metrics }) {
      const rpc = host.as('discovery');
      const directory = createDirectory({ id: randomUUID(), peers });
      const handlers = { renew: renew(directory), withdraw: withdraw(directory), watch: watch(directory), exchange: exchange(directory) };
      rpc.serve(DiscoveryService, handlers, { '*': ['*'], exchange: ['discovery'] });
      const operators = operatorGuard(rpc.client(AccessService));
      rpc.serve(OperatorService, { listInstances: operators.only('regions', () => listInstances(directory)) }, { '*': ['gateway'] });
      reportState({ directory, metrics, log });
      const telling = tellPeers({ directory, rpc, log });
      return {
        gives: {},
        // Whoever waits for news is sent elsewhere. What is said to it until the end is still handed on.
        async drain() {
          directory.retire();
        },
        async stop() {
          directory.close();
          await telling.stop();
        },
      };
    },
  });
}

/** The only one there is. */
export const discovery = discoveryUnit({ peers: [] });
