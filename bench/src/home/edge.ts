import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gateway } from '@bioscope/gateway';
import type { GatewayAddress } from '@bioscope/gateway';
import { graph } from '@bioscope/graph-gateway';
import { port, startHost, unit } from '@bioscope/host';
import { createTelemetry } from '@bioscope/telemetry';
import { ground } from './ground.ts';
import { handWritten } from './hand-written.ts';
import { HOME_PAGE, HOME_PAGE_SHA256 } from './page.ts';
import type { Answerer } from './parts.ts';

/** Units that are asked from here. */
const BEHIND = ['home', 'catalog', 'playback', 'registry', 'identity'];

/** The edge as a process of its own: the gateway, and behind it either answerer. Answers where the gateway listens. */
export async function startEdge({ answerer, folder, backend }: { answerer: Answerer; folder: string; backend: string }): Promise<string> {
  // The access log is written, as it is in service.
  const sink = createWriteStream(join(folder, 'edge.log'));
  const telemetry = createTelemetry({ process: 'edge', config: { format: 'json', level: 'info' }, sink });
  const { rpc, picture, given } = await ground({ folder, units: ['gateway', 'graph'], telemetry });
  for (const service of BEHIND) picture.pin({ service, address: backend });
  picture.pin({ service: 'graph', address: rpc.address });
  const operations = join(folder, 'operations.json');
  await writeFile(operations, JSON.stringify({ [HOME_PAGE_SHA256]: HOME_PAGE }));
  let address = '';
  const observer = unit({
    name: 'observer',
    needs: { gateway: port<GatewayAddress>('gateway') },
    gives: {},
    async start(needs) {
      ({ address } = needs.gateway);
      return { gives: {} };
    },
  });
  const environment = {
    BIOSCOPE_PORT: '0',
    BIOSCOPE_OPERATOR_TOKEN: 'nobody operates this bench',
    BIOSCOPE_GRAPH_OPERATIONS: operations,
  };
  await startHost({
    name: 'edge',
    units: [...given, answerer === 'graph gateway' ? graph : handWritten, gateway, observer],
    environment,
    telemetry,
  });
  return address;
}
