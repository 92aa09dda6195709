import { createInterface } from 'node:readline';
import { port, startHost, unit } from '@bioscope/host';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { discoveryUnit, joinDiscovery } from '../src/service.ts';

// A copy of discovery as a process: says where it listens, is told where all copies are, and runs until it is killed.
const [secret = '', zone = '', at = '0'] = process.argv.slice(2);
const telemetry = createTelemetry({ process: `copy-${zone}`, processMetrics: false, sink: { write: () => undefined } });
const picture = createPicture();
const listen = { host: '127.0.0.1', port: Number(at) };
const rpc = await createRpcHost({ secret, units: ['discovery'], zone, region: 'a', listen, discovery: picture, ...telemetry });
process.stdout.write(`${rpc.address}\n`);
for await (const line of createInterface(process.stdin)) {
  const copies = JSON.parse(line) as { address: string; zone: string }[];
  for (const copy of copies) picture.pin({ service: 'discovery', region: 'a', ...copy });
  const ports = unit({ name: 'rpc', needs: {}, gives: { rpc: port<RpcHost>('rpc') }, start: async () => ({ gives: { rpc } }) });
  const units = [ports, discoveryUnit({ peers: copies.map((copy) => copy.address) })];
  await startHost({ name: `copy-${zone}`, units, environment: {}, telemetry });
  joinDiscovery({ host: rpc, picture, log: telemetry.log });
  process.stdout.write('runs\n');
}
