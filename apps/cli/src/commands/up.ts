import { join } from 'node:path';
import { IdentityService } from '@bioscope/identity/contract';
import type { Telemetry } from '@bioscope/telemetry';
import { REGIONS_MAX, ZONES_MAX } from '@bioscope/topology';
import { Complaint, DATA_OPTION, EXIT, flag, textOption } from '../command.ts';
import type { Command, Invocation } from '../command.ts';
import { dataFolder, GATEWAY_PORT_DEFAULT, PORT_MAX, portFrom } from '../config.ts';
import { chooseDeploymentPorts } from '../fleet/deployment-ports.ts';
import { prepareDemo } from '../demo/prepare-demo.ts';
import { wholeNumber } from '../parse-invocation.ts';
import type { Api } from '../service/api.ts';
import { withTls } from '../service/service-urls.ts';
import { choosePorts } from '../service/ports.ts';
import { readRunFile } from '../state/run-file.ts';
import type { RunFile } from '../state/run-file.ts';
import { makeStateFolder } from '../state/state-folder.ts';
import { takeStateLock } from '../state/state-lock.ts';
import { terminalLog } from '../terminal-log.ts';
import { ENGINES, parseEngines, readEngineSettings } from '../units/engine-settings.ts';
import type { Engine } from '../units/engine-settings.ts';

export const up: Command = {
  name: 'up',
  about: 'start the service and keep it running until Ctrl-C',
  usage: 'up [--data DIR] [--port N] [--regions N --zones N] [--tls] [--engines cassandra,kafka,s3] [--no-demo] [--json] [--verbose]',
  options: {
    data: DATA_OPTION,
    port: {
      type: 'string',
      short: 'p',
      value: 'N',
      about: `the port to open in a browser (default: BIOSCOPE_PORT, else ${GATEWAY_PORT_DEFAULT}; 0: any free one)`,
    },
    engines: {
      type: 'string',
      value: 'NAMES',
      about: `keep state in clusters instead of the state folder: any of ${ENGINES.join(', ')} (default: BIOSCOPE_ENGINES; addresses: docs/operations/storage.md)`,
    },
    regions: { type: 'string', value: 'N', about: 'run as processes of N regions instead of one process' },
    zones: { type: 'string', value: 'N', about: 'zones of each region (default: 3 with --regions)' },
    tls: { type: 'boolean', about: 'with TLS, by an authority of the service’s own (other certificates: edge/gateway/README.md)' },
    'no-demo': { type: 'boolean', about: 'do not add the demo films to an empty service' },
    json: { type: 'boolean', about: 'print one JSON line when ready, with addresses and pid' },
    verbose: { type: 'boolean', short: 'v', about: 'show the whole log, not only warnings and errors' },
  },
  words: { min: 0, max: 0 },
  async run(invocation) {
    const folder = dataFolder(invocation.options, invocation.environment);
    makeStateFolder(folder);
    const lock = takeStateLock(folder);
    if (lock === null) throw alreadyRunning(folder);
    try {
      return await serve(invocation, folder);
    } finally {
      lock.release();
    }
  },
};

async function serve(invocation: Invocation, folder: string): Promise<number> {
  const { terminal, environment } = invocation;
  const chosen = parseEngines(textOption(invocation, 'engines') ?? environment['BIOSCOPE_ENGINES']);
  const say = (line: string) => terminal.err(`${line}\n`);
  const service = await start(invocation, { folder, chosen, say });
  if (flag(invocation, 'json')) terminal.out(`${JSON.stringify({ ...service.run, data: folder })}\n`);
  say(`\n  Bioscope is ready: open ${service.run.app}\n`);
  say(`  state   ${folder}${chosen.length === 0 ? '' : ` and ${chosen.join(', ')}`}`);
  if (service.run.app.startsWith('https:') && flag(invocation, 'tls'))
    say(`  trust   ${join(folder, 'tls', 'authority.pem')} (in a browser: import authority)`);
  say('  add     bioscope add FILE --title NAME');
  const invite = await firstOperatorLink(service.api);
  if (invite !== '')
    say(`  operate open ${invite}\n          to become the operator (works once, within a day; a new one with each start)`);
  say('  stop    Ctrl-C\n');

  const stopped = new AbortController();
  const ended = service.ended.then(() => stopped.abort());
  const preparing = flag(invocation, 'no-demo')
    ? Promise.resolve()
    : prepareDemo({ api: service.api, folder, environment, log: service.telemetry.log, say, signal: stopped.signal });
  await Promise.all([ended, preparing]);
  say('stopped');
  return EXIT.done;
}

type Up = { readonly run: RunFile; readonly api: Api; readonly telemetry: Telemetry; readonly ended: Promise<unknown> };

/** As one process, or as the processes of several regions. */
async function start(
  invocation: Invocation,
  on: { readonly folder: string; readonly chosen: readonly Engine[]; readonly say: (line: string) => void },
): Promise<Up> {
  const { folder, chosen, say } = on;
  const { environment, terminal } = invocation;
  const engines = readEngineSettings(environment, chosen);
  const isVerbose = flag(invocation, 'verbose');
  const onLogLine = terminalLog(terminal, isVerbose ? 'all' : 'troubles');
  const shape = shapeOf(invocation);
  const isWanted = flag(invocation, 'tls');
  if (shape === null) {
    const ports = await choosePorts({ gateway: gatewayPort(invocation), cdn: portFrom(environment, 'BIOSCOPE_CDN_PORT') });
    say('starting …');
    // Loads every unit: only for this command.
    const { startService } = await import('../service/start-service.ts');
    const secured = withTls(environment, { isWanted, port: httpsPort(environment, ports.cdn + 1) });
    const { host, ...service } = await startService({ folder, ports, environment: secured, engines, onLogLine });
    return { ...service, ended: host.ended };
  }
  if (chosen.length > 0 && chosen.length < ENGINES.length) {
    throw new Complaint(`regions keep all state in clusters or none: --engines ${ENGINES.join(',')}, or leave it out`);
  }
  const ports = await chooseDeploymentPorts(shape, gatewayPort(invocation));
  say(`starting ${shape.regions} regions of ${shape.zones} zones …`);
  const { startDeployment } = await import('../fleet/start-deployment.ts');
  return await startDeployment({
    ...shape,
    folder,
    ports,
    environment: { ...withTls(environment, { isWanted, port: ports.https }), BIOSCOPE_ENGINES: chosen.join(',') },
    onLogLine,
    // A process that waits for another says so in its own log; what people must know the fleet tells.
    onProcessLine: terminalLog(terminal, isVerbose ? 'all' : 'mails'),
    interrupted: invocation.interrupt(),
  });
}

/** The door with TLS: what the operator says, else a port next to the others. */
function httpsPort(environment: Invocation['environment'], otherwise: number): number {
  return portFrom(environment, 'BIOSCOPE_HTTPS_PORT') ?? otherwise;
}

/** Null: one process. */
function shapeOf(invocation: Invocation): { readonly regions: number; readonly zones: number } | null {
  const [regions, zones] = [textOption(invocation, 'regions'), textOption(invocation, 'zones')];
  if (regions === undefined && zones === undefined) return null;
  return {
    regions: wholeNumber(up, 'regions', regions ?? '1', { min: 1, max: REGIONS_MAX }),
    zones: wholeNumber(up, 'zones', zones ?? String(ZONES_DEFAULT), { min: 1, max: ZONES_MAX }),
  };
}

/** One may be lost while another is restarted. */
const ZONES_DEFAULT = 3;

/** Empty when there is an operator. */
async function firstOperatorLink(api: Api): Promise<string> {
  // The service runs without: the next start, or the console, gives another link.
  const answer = await api.call(IdentityService.method.createOperatorInvite, { onlyFirst: true }).catch(() => null);
  return answer?.link ?? '';
}

function gatewayPort(invocation: Invocation): number {
  const given = textOption(invocation, 'port');
  if (given !== undefined) return wholeNumber(up, 'port', given, { min: 0, max: PORT_MAX });
  return portFrom(invocation.environment, 'BIOSCOPE_PORT') ?? GATEWAY_PORT_DEFAULT;
}

function alreadyRunning(folder: string): Complaint {
  const other = readRunFile(folder);
  const where = other === null ? 'and is starting or stopping now' : `at ${other.app} (process ${other.pid})`;
  return new Complaint(`a service already runs on ${folder} ${where}; "bioscope down" stops it, --data DIR chooses another state folder`);
}
