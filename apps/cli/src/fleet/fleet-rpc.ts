import { setTimeout as pause } from 'node:timers/promises';
import { joinDiscovery } from '@bioscope/discovery';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Rpc } from '@bioscope/rpc';
import { createTelemetry, readTelemetryConfig } from '@bioscope/telemetry';
import { ADDRESSES, NOWHERE } from '@bioscope/topology';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { readSecrets } from '../state/secrets.ts';
import { readDeployment } from './deployment-file.ts';
import { registriesOf } from './process-units.ts';

/** The picture of who runs where comes within a moment, or discovery is gone. */
const PICTURE_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** Runs `body` as the unit `cli` of the deployment that runs on the invocation's state folder: for what goes past the gateways, so that it works when they do not. */
export async function withFleetRpc<T>(
  invocation: Pick<Invocation, 'options' | 'environment'>,
  unit: string,
  body: (rpc: Rpc) => Promise<T>,
): Promise<T> {
  const folder = dataFolder(invocation.options, invocation.environment);
  const deployment = readDeployment(folder);
  const secrets = readSecrets(folder);
  if (deployment === null || secrets === null) {
    throw new Complaint(`no service runs in regions on ${folder}: start one with "bioscope up --regions 2 --zones 3"`);
  }
  const { log, metrics } = createTelemetry({
    process: 'cli',
    config: readTelemetryConfig(invocation.environment),
    // What this command has to say it says itself.
    sink: { write: () => undefined },
  });
  const picture = createPicture();
  const host = await createRpcHost({
    secret: secrets.rootSecret,
    units: ['cli'],
    zone: NOWHERE,
    region: NOWHERE,
    listen: { host: ADDRESSES.entrance, port: 0 },
    discovery: picture,
    log,
    metrics,
  });
  for (const registry of registriesOf(deployment)) picture.pin({ service: 'discovery', ...registry });
  const joined = joinDiscovery({ host, picture, log });
  try {
    const untilMs = performance.now() + PICTURE_MS;
    while (picture.instances(unit).length === 0) {
      if (performance.now() > untilMs) throw new Complaint(`nobody serves "${unit}" there: "bioscope status" says what runs`);
      await pause(LOOK_EVERY_MS);
    }
    return await body(host.as('cli'));
  } finally {
    await joined.stop();
    await host.close();
  }
}
