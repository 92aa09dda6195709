import { catalog } from '@bioscope/catalog';
import { home } from '@bioscope/home';
import { startHost } from '@bioscope/host';
import { playback } from '@bioscope/playback';
import { registry } from '@bioscope/registry';
import { createTelemetry } from '@bioscope/telemetry';
import { fillCatalogue, watchAndChoose } from './fill.ts';
import { ground } from './ground.ts';
import { STOOD_IN_FOR, standIns } from './stand-ins.ts';

const REAL = [registry, catalog, playback, home];
/** They only call, to fill the services. */
const CALLERS = ['studio', 'gateway'];

/** The real services of the home page on embedded state, with a catalogue and a member who has watched some of it. Answers where it listens. */
export async function startBackend(folder: string): Promise<string> {
  const telemetry = createTelemetry({ process: 'backend', config: { level: 'warn' } });
  const served = [...REAL.map(({ name }) => name), ...STOOD_IN_FOR];
  const { rpc, picture, given } = await ground({ folder, units: [...served, ...CALLERS], telemetry });
  for (const service of served) picture.pin({ service, address: rpc.address });
  standIns(rpc);
  await startHost({ name: 'backend', units: [...given, ...REAL], environment: { BIOSCOPE_MEMBERS: 'none' }, telemetry });
  const titleIds = await fillCatalogue(rpc);
  await watchAndChoose(rpc, titleIds);
  return rpc.address;
}
