import { execFile } from 'node:child_process';
import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '@bioscope/host';
import type { Invocation } from './command.ts';
import { GATEWAY_PORT_DEFAULT, portFrom } from './config.ts';
import { bytesText } from './progress.ts';
import { APPLIANCE_ADDRESSES, GATEWAY_ADDRESS, listenTrouble } from './service/ports.ts';
import { readRunFile } from './state/run-file.ts';

/** `wrong`: `up` will not work like this. `note`: good to know, or needed for tests only. */
export type Finding = { readonly what: string; readonly kind: 'well' | 'note' | 'wrong'; readonly text: string };

type Patient = { readonly folder: string; readonly environment: Invocation['environment'] };

const PROGRAM_DEADLINE_MS = 10_000;
/** A two-hour film with all its rungs takes about as much. */
const DISK_FREE_MIN_BYTES = 10e9;
const MODULE_FOLDERS = [
  '/usr/lib/nginx/modules',
  '/usr/lib64/nginx/modules',
  '/usr/local/lib/nginx/modules',
  '/usr/share/nginx/modules',
  '/etc/nginx/modules',
];

/** Looks at everything that `up` and `test` need; one line each. Changes nothing. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const node: Finding = { what: 'node', kind: 'well', text: `${process.versions.node} (pinned with this installation)` };
  const others = await Promise.all([
    program(patient, {
      what: 'npm',
      command: 'npm',
      args: ['--version'],
      kind: 'note',
      install: 'it comes with Node.js; needed when dependencies change',
    }),
    program(patient, { what: 'ffmpeg', command: 'ffmpeg', args: ['-version'], kind: 'wrong', install: 'apt-get install ffmpeg' }),
    program(patient, { what: 'ffprobe', command: 'ffprobe', args: ['-version'], kind: 'wrong', install: 'apt-get install ffmpeg' }),
    program(patient, { what: 'nginx', command: 'nginx', args: ['-v'], kind: 'wrong', install: 'apt-get install nginx-light' }),
    njs(),
    chromium(patient),
    program(patient, {
      what: 'setpriv',
      command: 'setpriv',
      args: ['--version'],
      kind: 'note',
      install: 'apt-get install util-linux; without it a guard process alone ends children',
    }),
    stateFolder(patient),
    disk(patient),
    ports(patient),
    running(patient),
  ]);
  return [node, ...others];
}

async function program(
  { environment }: Patient,
  look: { what: string; command: string; args: readonly string[]; kind: 'note' | 'wrong'; install: string },
): Promise<Finding> {
  const path = findProgram(look.command, environment['PATH']);
  if (path === null) return { what: look.what, kind: look.kind, text: `not installed: ${look.install}` };
  try {
    const { stdout, stderr } = await promisify(execFile)(path, [...look.args], { timeout: PROGRAM_DEADLINE_MS, encoding: 'utf8' });
    return { what: look.what, kind: 'well', text: (`${stdout}${stderr}`.split('\n', 1)[0] ?? '').slice(0, 80) };
  } catch (error) {
    return {
      what: look.what,
      kind: look.kind,
      text: `${path} does not run: ${error instanceof Error ? error.message.split('\n', 1)[0] : String(error)}`,
    };
  }
}

async function njs(): Promise<Finding> {
  for (const folder of MODULE_FOLDERS) {
    const file = join(folder, 'ngx_http_js_module.so');
    if (await canAccess(file, constants.R_OK)) return { what: 'nginx njs', kind: 'well', text: file };
  }
  return { what: 'nginx njs', kind: 'wrong', text: 'ngx_http_js_module.so is not installed: apt-get install libnginx-mod-http-js' };
}

async function chromium(patient: Patient): Promise<Finding> {
  const command = ['chromium', 'chromium-browser', 'google-chrome'].find((each) => findProgram(each, patient.environment['PATH']) !== null);
  return await program(patient, {
    what: 'chromium',
    command: command ?? 'chromium',
    args: ['--version'],
    kind: 'note',
    install: 'apt-get install chromium; for the tests only',
  });
}

async function stateFolder({ folder }: Patient): Promise<Finding> {
  const existing = await nearestExisting(folder);
  if (!(await stat(existing)).isDirectory())
    return { what: 'state', kind: 'wrong', text: `${existing} is not a folder: choose another with --data DIR` };
  if (!(await canAccess(existing, constants.W_OK)))
    return { what: 'state', kind: 'wrong', text: `${existing} cannot be written: choose another with --data DIR` };
  return { what: 'state', kind: 'well', text: existing === folder ? folder : `${folder} (will be made)` };
}

async function disk({ folder }: Patient): Promise<Finding> {
  const info = await statfs(await nearestExisting(folder));
  const free = info.bavail * info.bsize;
  const text = `${bytesText(free)} free for the state folder`;
  return free < DISK_FREE_MIN_BYTES
    ? { what: 'disk', kind: 'note', text: `${text}: little for films` }
    : { what: 'disk', kind: 'well', text };
}

async function ports({ folder, environment }: Patient): Promise<Finding> {
  if (readRunFile(folder) !== null) return { what: 'ports', kind: 'well', text: 'in use by the running service' };
  const gateway = portFrom(environment, 'BIOSCOPE_PORT') ?? GATEWAY_PORT_DEFAULT;
  const cdn = portFrom(environment, 'BIOSCOPE_CDN_PORT') ?? gateway + 1;
  const wanted = [`${GATEWAY_ADDRESS}:${gateway}`, ...APPLIANCE_ADDRESSES.map((address) => `${address}:${cdn}`)];
  const taken: string[] = [];
  for (const place of wanted) {
    const [address = '', port = ''] = place.split(':');
    if ((await listenTrouble(address, Number(port))) !== null) taken.push(place);
  }
  if (taken.length === 0) return { what: 'ports', kind: 'well', text: `${wanted.join(', ')} are free` };
  return { what: 'ports', kind: 'wrong', text: `in use: ${taken.join(', ')}; choose others with up --port N` };
}

async function running({ folder }: Patient): Promise<Finding> {
  const run = readRunFile(folder);
  return run === null
    ? { what: 'service', kind: 'note', text: 'does not run' }
    : { what: 'service', kind: 'well', text: `runs at ${run.app} (process ${run.pid}, version ${run.version})` };
}

async function nearestExisting(path: string): Promise<string> {
  let current = path;
  while (!(await canAccess(current, constants.F_OK)) && dirname(current) !== current) current = dirname(current);
  return current;
}

function canAccess(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
