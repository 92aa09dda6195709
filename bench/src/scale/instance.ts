import { catalog } from '@bioscope/catalog';
import { graph } from '@bioscope/graph-gateway';
import { home } from '@bioscope/home';
import { startHost } from '@bioscope/host';
import { playback } from '@bioscope/playback';
import { remoteStateUnit } from '@bioscope/storage/client';
import { createTelemetry } from '@bioscope/telemetry';
import { stand } from './standing.ts';
import type { Standing } from './standing.ts';

const UNITS = [catalog, playback, home, graph];

/** One instance of the group: everything that a home page asks, on state that lies elsewhere. It asks its own kind through the network, as in service. */
export async function startInstance(needs: { folder: string; discovery: string; operations: string }): Promise<Standing> {
  const { folder, discovery, operations } = needs;
  const telemetry = createTelemetry({ process: 'instance', config: { level: 'warn' } });
  const standing = await stand({ units: ['state', ...UNITS.map(({ name }) => name)], discovery, telemetry });
  const environment = { BIOSCOPE_MEMBERS: 'none', BIOSCOPE_GRAPH_OPERATIONS: operations };
  await startHost({ name: 'instance', units: [standing.given, remoteStateUnit({ folder }), ...UNITS], environment, telemetry });
  return standing;
}
