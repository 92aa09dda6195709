import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { findJsModule, grantsFolderOf, nginxConfiguration, TOKEN_CHECK_FILE, tokenCheckSettings } from '@bioscope/appliance';
import { signSegmentToken } from '@bioscope/control/contract';
import { superviseChild } from '@bioscope/host';
import { cpuNsOfProcess, childrenOf } from './cpu.ts';

export type DeliveryServer = {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  pathOf(edition: string, file: string): string;
  /** Nanoseconds of CPU that its processes have used so far. */
  cpuNs(): number;
  stop(): Promise<void>;
};

export type Place = { readonly folder: string; readonly filesFolder: string };

const ADDRESS = '127.0.0.1';
const KEY = { id: 'k1', secret: Uint8Array.from({ length: 32 }, (_, index) => index) };

/** As the appliance runs it: a token is checked when it is new, and then found by its grant, as for all but the first segment of a session. */
export function startAppliance(place: Place): Promise<DeliveryServer> {
  return startNginx(place, 'appliance', (configuration) => configuration);
}

/** The appliance if every request came with a token of its own. */
export async function startWithNewTokens(place: Place): Promise<DeliveryServer> {
  const server = await startNginx(place, 'appliance, new tokens', (configuration) => configuration);
  let session = 0;
  return { ...server, pathOf: (edition, file) => `/t/${tokenFor(`s${session++}`)}/${edition}/${file}` };
}

/** The same nginx without the check: the same addresses are matched, served and logged. */
export function startBareNginx(place: Place): Promise<DeliveryServer> {
  return startNginx(place, 'bare nginx', (configuration) => {
    const lines = configuration.split('\n');
    const bare = lines.filter((line) => !/^load_module|^\s*js_|\$verdict =|= @check/.test(line));
    const served = bare.map((line) => line.replace(/alias ".*\/\$token~\$edition/, `alias "${place.filesFolder}/$edition`));
    // Seven lines and one path make the check; were one missed, this would be no comparison.
    if (lines.length - bare.length !== 7 || served.every((line, index) => line === bare[index])) {
      throw new Error('the generated configuration has changed: look again at what the bare one leaves out');
    }
    return served.join('\n');
  });
}

async function startNginx(place: Place, name: string, change: (configuration: string) => string): Promise<DeliveryServer> {
  const id = name.replaceAll(/[^a-z]+/g, '-');
  const folder = join(place.folder, id);
  for (const each of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) await mkdir(join(folder, 'tmp', each), { recursive: true });
  const port = await freePort();
  const account = userInfo();
  const configuration = nginxConfiguration({
    folder,
    filesFolder: place.filesFolder,
    address: ADDRESS,
    port,
    jsModule: findJsModule(process.env),
    workerAccount: account.uid === 0 ? account.username : null,
    workers: 1,
    connectionsMax: 4_096,
    statusSecret: 'bench',
    keysVersion: KEY.id,
  });
  await copyFile(TOKEN_CHECK_FILE, join(folder, 'token.js'));
  await writeFile(join(folder, 'settings.json'), tokenCheckSettings({ folder, filesFolder: place.filesFolder }, [KEY]));
  await mkdir(grantsFolderOf(folder));
  await writeFile(join(folder, 'nginx.conf'), change(configuration));
  const lines: string[] = [];
  const child = await superviseChild({
    name: `bench-${id}`,
    command: 'nginx',
    args: ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'],
    env: { PATH: process.env['PATH'] },
    onLine: (line) => void lines.push(line),
  });
  const master = await listening(async () => {
    const answer = await fetch(`http://${ADDRESS}:${port}/status/bench`);
    return answer.ok ? Number(await readFile(join(folder, 'nginx.pid'), 'utf8')) : null;
  }, lines);
  const token = tokenFor('bench');
  return {
    name,
    address: ADDRESS,
    port,
    pathOf: (edition, file) => `/t/${token}/${edition}/${file}`,
    cpuNs: () => [master, ...childrenOf(master)].reduce((sum, pid) => sum + cpuNsOfProcess(pid), 0),
    stop: () => child.stop(),
  };
}

/** What a Node developer writes first: `createReadStream(file).pipe(response)`. */
export async function startNodeServer(place: Place): Promise<DeliveryServer> {
  const program = join(import.meta.dirname, 'node-server.ts');
  const child = spawn(process.execPath, [program, place.filesFolder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const { pid } = child;
  if (pid === undefined) throw new Error('the Node server did not start');
  return {
    name: 'node',
    address: ADDRESS,
    port: Number(text.toString()),
    pathOf: (edition, file) => `/${edition}/${file}`,
    cpuNs: () => cpuNsOfProcess(pid),
    async stop() {
      const ended = once(child, 'exit');
      // It ends with its input, also when this process is killed.
      child.stdin.end();
      await ended;
    },
  };
}

function tokenFor(sessionId: string): string {
  return signSegmentToken(KEY, { editionId: 'edition', sessionId, expiresAtMs: Date.now() + 3_600_000 });
}

const START_DEADLINE_MS = 5_000;

async function listening<T>(look: () => Promise<T | null>, lines: readonly string[]): Promise<T> {
  const endMs = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const value = await look().catch(() => null);
    if (value !== null) return value;
    if (performance.now() > endMs) throw new Error(`nginx did not start: ${lines.join('; ')}`);
    await pause(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, ADDRESS);
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error('no free port');
  return bound.port;
}
