import { setTimeout as pause } from 'node:timers/promises';
import { CONTROLLER, createController, createPauses } from '@bioscope/chaos';
import type { Controller, Fleet } from '@bioscope/chaos';
import { joinDiscovery } from '@bioscope/discovery';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Rpc } from '@bioscope/rpc';
import { createTelemetry, readTelemetryConfig } from '@bioscope/telemetry';
import { ADDRESSES, NOWHERE } from '@bioscope/topology';
import type { Deployment } from '@bioscope/topology';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { readDeployment } from '../fleet/deployment-file.ts';
import { fleetOf } from '../fleet/fleet-of.ts';
import { registriesOf } from '../fleet/process-units.ts';
import { readSecrets } from '../state/secrets.ts';
import { deploymentFleet } from './deployment-fleet.ts';

/** All that experiments need of the running service. Whatever was paused goes on when it is disposed of. */
export type Laboratory = AsyncDisposable & {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly fleet: Fleet;
  readonly controller: Controller;
  /** As the unit `cli`, past the gateways. */
  readonly rpc: Rpc;
};

/** The picture of who runs where comes within a moment, or discovery is gone. */
const PICTURE_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** Complains when the service does not run in regions, or takes no faults. */
export async function openLaboratory(invocation: Pick<Invocation, 'options' | 'environment'>): Promise<Laboratory> {
  const client = fleetOf(invocation);
  const folder = dataFolder(invocation.options, invocation.environment);
  const [deployment, secrets] = [readDeployment(folder), readSecrets(folder)];
  if (deployment === null || secrets === null) throw new Complaint(`the service on ${folder} does not run in regions`);
  await using opened = new AsyncDisposableStack();
  // What this command has to say it says itself.
  const sink = { write: () => undefined };
  const { log, metrics } = createTelemetry({ process: 'cli', config: readTelemetryConfig(invocation.environment), sink });
  const picture = createPicture();
  for (const registry of registriesOf(deployment)) picture.pin({ service: 'discovery', ...registry });
  const host = opened.adopt(
    await createRpcHost({
      secret: secrets.rootSecret,
      units: [CONTROLLER, 'cli'],
      zone: NOWHERE,
      region: NOWHERE,
      listen: { host: ADDRESSES.entrance, port: 0 },
      discovery: picture,
      log,
      metrics,
    }),
    (each) => each.close(),
  );
  opened.adopt(joinDiscovery({ host, picture, log }), (each) => each.stop());
  const addresses = (): readonly string[] => picture.instances('chaos').map(({ address }) => address);
  const controller = opened.adopt(createController({ rpc: host.as(CONTROLLER), addresses: async () => addresses() }), (each) =>
    each.close(),
  );
  const pauses = opened.adopt(createPauses(), (each) => each.close());
  const untilMs = performance.now() + PICTURE_MS;
  while (addresses().length === 0) {
    if (performance.now() > untilMs) throw new Complaint('no process takes faults: start the service with BIOSCOPE_CHAOS=1');
    await pause(LOOK_EVERY_MS);
  }
  const disposing = opened.move();
  return {
    folder,
    deployment,
    fleet: deploymentFleet(client, pauses),
    controller,
    rpc: host.as('cli'),
    [Symbol.asyncDispose]: () => disposing.disposeAsync(),
  };
}
