import { port, unit } from '@bioscope/host';
import type { RpcHost } from '@bioscope/rpc';
import { DiscoveryService } from '../contract/index.ts';
import { createDirectory } from './directory.ts';
import { renew } from './handlers/renew.ts';
import { watch } from './handlers/watch.ts';
import { withdraw } from './handlers/withdraw.ts';

export { joinDiscovery } from './join/join-discovery.ts';
export type { Joined } from './join/join-discovery.ts';

/** The registry. It keeps nothing on disk: whoever runs says so again within a second. */
export const discovery = unit({
  name: 'discovery',
  needs: { rpc: port<RpcHost>('rpc') },
  gives: {},
  async start({ rpc }) {
    const directory = createDirectory();
    const handlers = { renew: renew(directory), withdraw: withdraw(directory), watch: watch(directory) };
    rpc.as('discovery').serve(DiscoveryService, handlers, { '*': ['*'] });
    return {
      gives: {},
      // Whoever waits for news gets the picture as it is, and asks again elsewhere.
      async drain() {
        directory.close();
      },
      async stop() {
        directory.close();
      },
    };
  },
});
