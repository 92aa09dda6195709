import { dns } from '@bioscope/dns';
import { port, startHost, unit } from '@bioscope/host';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

/** The unit as it runs, by the settings in its environment, without a regions unit: steering goes by the picture on disk. */
async function main(): Promise<void> {
  const telemetry = createTelemetry({ process: 'bench-dns', config: { level: 'error' } });
  const host = await createRpcHost({
    ...telemetry,
    // Public on purpose: nobody else is called.
    secret: 'be'.repeat(32),
    units: ['dns'],
    zone: '1',
    region: 'a',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: createPicture(),
  });
  const rpc = unit({ name: 'rpc', needs: {}, gives: { rpc: port<RpcHost>('rpc') }, start: async () => ({ gives: { rpc: host } }) });
  const hosted = await startHost({ name: 'bench-dns', units: [rpc, dns], environment: process.env, telemetry, ownsProcess: true });
  await hosted.ended;
  await host.close();
}

await main();
