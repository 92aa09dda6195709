import { joinDiscovery } from '@bioscope/discovery';
import { port, unit } from '@bioscope/host';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';

const GIVES = { rpc: port<RpcHost>('rpc') };

/** The process's RPC listener on loopback, registered with the discovery that runs in the same process. */
export function rpcUnit(settings: {
  secret: string;
  /** Every unit of the process that calls or serves. */
  units: readonly string[];
  zone: string;
  region: string;
}) {
  return unit({
    name: 'rpc',
    needs: {},
    gives: GIVES,
    async start(_needs, { log, metrics }) {
      const picture = createPicture();
      const host = await createRpcHost({ ...settings, listen: { host: '127.0.0.1', port: 0 }, discovery: picture, log, metrics });
      picture.pin({ service: 'discovery', address: host.address, zone: settings.zone, region: settings.region });
      const joined = joinDiscovery({ host, picture, log });
      return {
        gives: { rpc: host },
        async drain(deadline) {
          await joined.withdraw();
          await host.drain(deadline);
        },
        async stop() {
          await joined.stop();
          await host.close();
        },
      };
    },
  });
}
