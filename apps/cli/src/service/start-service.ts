import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startHost } from '@bioscope/host';
import type { Host } from '@bioscope/host';
import { createTelemetry, readTelemetryConfig } from '@bioscope/telemetry';
import type { Telemetry } from '@bioscope/telemetry';
import type { Invocation } from '../command.ts';
import { removeRunFile, writeRunFile } from '../state/run-file.ts';
import type { RunFile } from '../state/run-file.ts';
import { openSecrets } from '../state/secrets.ts';
import type { EngineSettings } from '../units/engine-settings.ts';
import { version } from '../version.ts';
import { createApi } from './api.ts';
import type { Api } from './api.ts';
import { openLogFile } from './log-file.ts';
import { GATEWAY_ADDRESS } from './ports.ts';
import type { ServicePorts } from './ports.ts';
import { serviceEnvironment } from './service-environment.ts';
import { serviceUnits } from './service-units.ts';
import { serviceUrls } from './service-urls.ts';

export type StartedService = { readonly run: RunFile; readonly host: Host; readonly telemetry: Telemetry; readonly api: Api };

const START_DEADLINE_MS = 60_000;
const DRAIN_DEADLINE_MS = 10_000;
/** Steering needs a picture of the appliances, a few seconds old. What is not ready by then says why in `status`; the rest can be used. */
const READY_WAIT_MS = 10_000;
const READY_LOOK_EVERY_MS = 50;

/**
 * Starts all units on a state folder whose lock the caller holds. The full log goes to `logs/bioscope.log` in it, warnings and errors also
 * to stderr. The run file is there from the moment the service can be used until it has stopped.
 */
export async function startService(options: {
  folder: string;
  ports: ServicePorts;
  environment: Invocation['environment'];
  engines: EngineSettings;
  onLogLine: (line: string) => void;
}): Promise<StartedService> {
  const { folder, ports } = options;
  const secrets = openSecrets(folder);
  const zone = options.environment['BIOSCOPE_ZONE'] || 'a';
  const region = options.environment['BIOSCOPE_REGION'] || 'local';
  const environment = serviceEnvironment({ environment: options.environment, folder, secrets, ports, zone, region });
  const host = environment.BIOSCOPE_HOST;
  const logFile = openLogFile(join(folder, 'logs', 'bioscope.log'));
  const sink = {
    write: (line: string) => {
      logFile.write(line);
      options.onLogLine(line);
    },
  };
  // JSON in the file whatever the terminal: `onLogLine` chooses what people see.
  const telemetry = createTelemetry({ process: 'bioscope', config: { ...readTelemetryConfig(environment), format: 'json' }, sink });
  const running = await startHost({
    name: 'bioscope',
    units: await serviceUnits({ folder, rootSecret: secrets.rootSecret, cdnPort: ports.cdn, zone, region, engines: options.engines }),
    environment,
    telemetry,
    startDeadlineMs: START_DEADLINE_MS,
    drainDeadlineMs: DRAIN_DEADLINE_MS,
    operations: { address: '127.0.0.1', port: 0 },
    ownsProcess: true,
  });
  await untilReady(running);
  const { app, api: apiUrl, play } = serviceUrls(environment, ports.gateway);
  const run: RunFile = {
    pid: process.pid,
    version: version(),
    startedAtMs: Date.now(),
    host,
    port: ports.gateway,
    cdnPort: ports.cdn,
    app,
    api: apiUrl,
    play,
    operations: running.operationsAddress ?? '',
  };
  writeRunFile(folder, run);
  void running.ended.then(() => {
    removeRunFile(folder);
    logFile.close();
  });
  const api = createApi({ address: GATEWAY_ADDRESS, port: ports.gateway, host, operatorToken: secrets.operatorToken });
  return { run, host: running, telemetry, api };
}

/** "Ready" is said when a viewer can press play, not when the last unit has started. */
async function untilReady(host: Pick<Host, 'report'>): Promise<void> {
  const untilMs = Date.now() + READY_WAIT_MS;
  while (!host.report().ready && Date.now() < untilMs) await pause(READY_LOOK_EVERY_MS);
}
