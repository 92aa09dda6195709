import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createTelemetry, readTelemetryConfig } from '@bioscope/telemetry';
import type { Telemetry } from '@bioscope/telemetry';
import { ADDRESSES, layOut } from '@bioscope/topology';
import type { Deployment, DeploymentPorts } from '@bioscope/topology';
import type { Invocation } from '../command.ts';
import { createApi } from '../service/api.ts';
import type { Api } from '../service/api.ts';
import { serviceUrls } from '../service/service-urls.ts';
import { openLogFile } from '../service/log-file.ts';
import { removeRunFile, writeRunFile } from '../state/run-file.ts';
import type { RunFile } from '../state/run-file.ts';
import { openSecrets } from '../state/secrets.ts';
import { version } from '../version.ts';
import { writeDeployment } from './deployment-file.ts';
import { openEntrance } from './entrance.ts';
import { openFleetDoor } from './fleet-door.ts';
import { startFleet } from './fleet.ts';
import { clientPrefixes, prefixesFile } from './place-environment.ts';
import { COPIES_FOLDER, PROCESSES_FOLDER } from './folders.ts';
import type { Fleet } from './fleet.ts';

export type StartedDeployment = {
  readonly run: RunFile;
  readonly deployment: Deployment;
  readonly fleet: Fleet;
  readonly telemetry: Telemetry;
  readonly api: Api;
  /** Resolves once everything has stopped, after `interrupted`. */
  readonly ended: Promise<void>;
};

/**
 * Starts a service as several regions on a state folder whose lock the caller holds: this process only looks after the others, and gives browsers a way in.
 * The run file is there from the moment the service can be used until it has stopped.
 */
export async function startDeployment(options: {
  readonly folder: string;
  readonly regions: number;
  readonly zones: number;
  readonly ports: DeploymentPorts;
  readonly environment: Invocation['environment'];
  readonly onLogLine: (line: string) => void;
  /** What the processes log. */
  readonly onProcessLine: (line: string) => void;
  readonly interrupted: AbortSignal;
}): Promise<StartedDeployment> {
  const { folder, ports, environment, interrupted } = options;
  const secrets = openSecrets(folder);
  const logFile = openLogFile(join(folder, 'logs', 'bioscope.log'));
  const sink = {
    write(line: string) {
      logFile.write(line);
      options.onLogLine(line);
    },
  };
  const telemetry = createTelemetry({ process: 'bioscope', config: { ...readTelemetryConfig(environment), format: 'json' }, sink });
  const deployment = layOut(options);
  // What processes of an earlier run said of themselves is no longer true.
  rmSync(join(folder, PROCESSES_FOLDER), { recursive: true, force: true });
  rmSync(join(folder, COPIES_FOLDER), { recursive: true, force: true });
  writeDeployment(folder, deployment);
  mkdirSync(join(folder, 'dns'), { recursive: true, mode: 0o700 });
  writeFileSync(prefixesFile(folder), clientPrefixes(deployment));
  const fleet = await startFleet({
    folder,
    deployment,
    environment,
    startsAtOnce: availableParallelism() + 1,
    log: telemetry.log.child({ unit: 'fleet' }),
    onLogLine: options.onProcessLine,
    interrupted,
  });
  await using opened = new AsyncDisposableStack();
  opened.defer(() => fleet.stop());
  const entrance = opened.adopt(
    await openEntrance({ address: ADDRESSES.entrance, port: ports.gateway, gateways: () => gatewaysOf(deployment, fleet, ports.gateway) }),
    (each) => each.close(),
  );
  const { https } = ports;
  if ((environment['BIOSCOPE_TLS'] ?? '') !== '')
    opened.adopt(
      await openEntrance({ address: ADDRESSES.entrance, port: https, gateways: () => gatewaysOf(deployment, fleet, https) }),
      (each) => each.close(),
    );
  const door = opened.adopt(await openFleetDoor(fleet, secrets.operatorToken), (each) => each.close());
  const host = environment['BIOSCOPE_HOST'] || 'localhost';
  const { app, api: apiUrl, play } = serviceUrls(environment, entrance.port);
  const run: RunFile = {
    pid: process.pid,
    version: version(),
    startedAtMs: Date.now(),
    host,
    port: entrance.port,
    cdnPort: ports.cdn,
    app,
    api: apiUrl,
    play,
    operations: '',
    fleet: door.address,
  };
  writeRunFile(folder, run);
  opened.defer(() => {
    removeRunFile(folder);
    logFile.close();
  });
  const stopping = opened.move();
  const api = createApi({ address: ADDRESSES.entrance, port: entrance.port, host, operatorToken: secrets.operatorToken });
  const ended = untilAborted(interrupted).then(() => stopping.disposeAsync());
  return { run, deployment, fleet, telemetry, api, ended };
}

/** Those that are ready first, in the order of regions and zones. */
function gatewaysOf({ regions }: Deployment, fleet: Fleet, port: number): readonly string[] {
  const ready = new Set(fleet.members().flatMap(({ place, state }) => (state === 'ready' ? [place.name] : [])));
  const edges = regions.flatMap(({ zones }) => zones.flatMap(({ groups }) => groups.filter(({ group }) => group === 'edge')));
  return edges
    .toSorted((one, other) => Number(ready.has(other.name)) - Number(ready.has(one.name)))
    .map(({ address }) => `${address}:${port}`);
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
