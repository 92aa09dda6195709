import { setTimeout as pause } from 'node:timers/promises';
import { joinDiscovery } from '@bioscope/discovery';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { DiscoveryView, Rpc, RpcHost } from '@bioscope/rpc';
import { createTelemetry, readTelemetryConfig } from '@bioscope/telemetry';
import { ADDRESSES, NOWHERE } from '@bioscope/topology';
import type { Deployment } from '@bioscope/topology';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';
import { dataFolder } from '../config.ts';
import { readSecrets } from '../state/secrets.ts';
import type { Secrets } from '../state/secrets.ts';
import { readDeployment } from './deployment-file.ts';
import { registriesOf } from './process-units.ts';

/** The picture of who runs where comes within a moment, or discovery is gone. */
const PICTURE_MS = 5_000;
const LOOK_EVERY_MS = 20;

/** The deployment that runs on the invocation's state folder. Complains when none does. */
export function deploymentOf({ options, environment }: Pick<Invocation, 'options' | 'environment'>): {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly secrets: Secrets;
} {
  const folder = dataFolder(options, environment);
  const deployment = readDeployment(folder);
  const secrets = readSecrets(folder);
  if (deployment === null || secrets === null) {
    throw new Complaint(`no service runs in regions on ${folder}: start one with "bioscope up --regions 2 --zones 3"`);
  }
  return { folder, deployment, secrets };
}

export type FleetRpc = AsyncDisposable & {
  readonly host: RpcHost;
  readonly picture: DiscoveryView;
  /** Resolves when somebody is known who serves the unit; complains with `otherwise` when nobody is in time. */
  untilServed(unit: string, otherwise: string): Promise<void>;
};

/** Makes this command a caller in the deployment, by the unit names given: for what goes past the gateways, so that it works when they do not. */
export async function joinFleet(on: {
  readonly deployment: Deployment;
  readonly secrets: Secrets;
  readonly environment: Invocation['environment'];
  readonly units: readonly string[];
}): Promise<FleetRpc> {
  await using opened = new AsyncDisposableStack();
  // What this command has to say it says itself.
  const sink = { write: () => undefined };
  const { log, metrics } = createTelemetry({ process: 'cli', config: readTelemetryConfig(on.environment), sink });
  const picture = createPicture();
  for (const registry of registriesOf(on.deployment)) picture.pin({ service: 'discovery', ...registry });
  const host = opened.adopt(
    await createRpcHost({
      secret: on.secrets.rootSecret,
      units: on.units,
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
  const joined = opened.move();
  return {
    host,
    picture,
    async untilServed(unit, otherwise) {
      const untilMs = performance.now() + PICTURE_MS;
      while (picture.instances(unit).length === 0) {
        if (performance.now() > untilMs) throw new Complaint(otherwise);
        await pause(LOOK_EVERY_MS);
      }
    },
    [Symbol.asyncDispose]: () => joined.disposeAsync(),
  };
}

/** Runs `body` as the unit `cli` of the deployment that runs on the invocation's state folder, once somebody serves the unit it wants. */
export async function withFleetRpc<T>(
  invocation: Pick<Invocation, 'options' | 'environment'>,
  unit: string,
  body: (rpc: Rpc) => Promise<T>,
): Promise<T> {
  await using fleet = await joinFleet({ ...deploymentOf(invocation), environment: invocation.environment, units: ['cli'] });
  await fleet.untilServed(unit, `nobody serves "${unit}" there: "bioscope status" says what runs`);
  return await body(fleet.host.as('cli'));
}
