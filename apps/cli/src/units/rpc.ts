import { joinDiscovery } from '@bioscope/discovery';
import { port, unit } from '@bioscope/host';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Pinned, RpcFaults, RpcHost } from '@bioscope/rpc';

const GIVES = { rpc: port<RpcHost>('rpc') };

export type RpcSettings = {
  readonly secret: string;
  /** Every unit of the process that calls or serves. */
  readonly units: readonly string[];
  readonly zone: string;
  readonly region: string;
  /** Where it listens; absent: any free port of loopback. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** Where the copies of discovery are; absent: in this very process. */
  readonly registries?: readonly Omit<Pinned, 'service'>[];
  /** Where faults on purpose may be ordered. */
  readonly faults?: RpcFaults;
};

/** The process's RPC listener, registered with discovery. */
export function rpcUnit({ listen = { host: '127.0.0.1', port: 0 }, registries, ...settings }: RpcSettings) {
  return unit({
    name: 'rpc',
    needs: {},
    gives: GIVES,
    async start(_needs, { log, metrics }) {
      const picture = createPicture();
      const host = await createRpcHost({ ...settings, listen, discovery: picture, log, metrics });
      const { zone, region } = settings;
      for (const registry of registries ?? [{ address: host.address, zone, region }]) picture.pin({ service: 'discovery', ...registry });
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
