import { discovery, joinDiscovery } from '@bioscope/discovery';
import { port, startHost, unit } from '@bioscope/host';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost, RunningRpcHost } from '@bioscope/rpc';
import { EchoService } from '@bioscope/rpc/contract';
import { createTelemetry } from '@bioscope/telemetry';
import type { RpcPeer } from './peer.ts';

/** Public on purpose: both processes of the bench need it, nothing else trusts it. */
const SECRET = 'be'.repeat(32);

/** Our client and server as services use them: with credentials, discovery, deadlines, traces and metrics. */
export const ours: RpcPeer = {
  async serve() {
    const { host } = await start(['discovery', 'echo'], undefined);
    host.as('echo').serve(EchoService, { echo: ({ text }) => ({ text }), fail: () => ({}) }, { '*': ['bench'] });
    return host.address;
  },
  async connect(address) {
    const { host } = await start(['bench'], address);
    const client = host.as('bench').client(EchoService);
    return async (text) => (await client.echo({ text })).text;
  },
};

async function start(units: string[], registry: string | undefined): Promise<{ host: RunningRpcHost }> {
  const telemetry = createTelemetry({ process: 'bench', config: { level: 'warn' } });
  const picture = createPicture();
  const host = await createRpcHost({
    secret: SECRET,
    units,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
    log: telemetry.log,
    metrics: telemetry.metrics,
  });
  picture.pin({ service: 'discovery', address: registry ?? host.address });
  const rpc = unit({ name: 'rpc', needs: {}, gives: { rpc: port<RpcHost>('rpc') }, start: async () => ({ gives: { rpc: host } }) });
  if (registry === undefined) await startHost({ name: 'bench', units: [rpc, discovery], environment: {}, telemetry });
  joinDiscovery({ host, picture, log: telemetry.log });
  return { host };
}
