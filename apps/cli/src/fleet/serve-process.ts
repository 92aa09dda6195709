import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startHost } from '@bioscope/host';
import type { Host } from '@bioscope/host';
import { createTelemetry, readTelemetryConfig } from '@bioscope/telemetry';
import type { Deployment, Place } from '@bioscope/topology';
import type { Invocation } from '../command.ts';
import { openLogFile } from '../service/log-file.ts';
import { serviceEnvironment } from '../service/service-environment.ts';
import type { UnitName } from '../service/units-by-name.ts';
import type { Secrets } from '../state/secrets.ts';
import type { EngineSettings } from '../units/engine-settings.ts';
import { placeEnvironment } from './place-environment.ts';
import { removeProcessFile, writeProcessFile } from './process-file.ts';
import { processUnits } from './process-units.ts';

export type ProcessOptions = {
  readonly folder: string;
  readonly deployment: Deployment;
  /** Where it stands; `name` is the place's, several processes may share it while one takes over from the other. */
  readonly place: Place;
  /** Of this start: names its log and its file. */
  readonly name: string;
  readonly units: readonly UnitName[];
  readonly engines: EngineSettings;
  readonly secrets: Secrets;
  readonly environment: Invocation['environment'];
  readonly onLogLine: (line: string) => void;
};

/** Storage may be starting too, and others' pictures must have reached us. */
const START_DEADLINE_MS = 120_000;
const DRAIN_DEADLINE_MS = 10_000;
const READY_LOOK_EVERY_MS = 50;

/**
 * Runs one process of a deployment until it is asked to end. Its file in the state folder appears when it is ready, and goes with it. What it needs may come up
 * after it: it waits.
 */
export async function serveProcess(options: ProcessOptions): Promise<Host> {
  const { folder, deployment, place, name, secrets } = options;
  const logFile = openLogFile(join(folder, 'logs', `${place.name}.log`));
  const service = serviceEnvironment({ ...options, ports: deployment.ports, zone: place.zone, region: place.region });
  const environment = {
    ...placeEnvironment({ folder, deployment, place, host: service.BIOSCOPE_HOST }),
    ...service,
    BIOSCOPE_INSTANCE: options.environment['BIOSCOPE_INSTANCE'] ?? name,
  };
  const sink = {
    write(line: string) {
      logFile.write(line);
      options.onLogLine(line);
    },
  };
  const telemetry = createTelemetry({ process: place.name, config: { ...readTelemetryConfig(environment), format: 'json' }, sink });
  const host = await startHost({
    name: place.name,
    units: await processUnits({ ...options, rootSecret: secrets.rootSecret }),
    environment,
    telemetry,
    startDeadlineMs: START_DEADLINE_MS,
    drainDeadlineMs: DRAIN_DEADLINE_MS,
    operations: { address: place.address, port: 0 },
    ownsProcess: true,
  });
  void host.ended.then(() => {
    removeProcessFile(folder, name);
    logFile.close();
  });
  void sayWhenReady(host, options);
  return host;
}

async function sayWhenReady(host: Host, { folder, name, place, units }: ProcessOptions): Promise<void> {
  const startedAtMs = Date.now();
  const ended = new AbortController();
  void host.ended.then(() => ended.abort());
  while (!host.report().ready && !ended.signal.aborted) await pause(READY_LOOK_EVERY_MS);
  if (ended.signal.aborted) return;
  const { region, zone } = place;
  writeProcessFile(folder, {
    name,
    place: place.name,
    pid: process.pid,
    region,
    zone,
    units,
    operations: host.operationsAddress ?? '',
    startedAtMs,
  });
}
