import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { superviseChild } from '@bioscope/host';
import { TYPE } from '../src/wire/numbers.ts';
import { queryPacket } from './query-packet.ts';
import type { Asked } from './query-packet.ts';
import { readMessage } from './read-message.ts';
import type { ReadAnswer } from './read-message.ts';
import { ORIGIN } from './test-zone.ts';

/** Another name server, started with the test's zone. */
export type Oracle = {
  readonly name: string;
  readonly command: string;
  readonly version: string;
  files(folder: string, port: number): Record<string, string>;
  args(folder: string): string[];
};

const ANSWER_TIMEOUT_MS = 2_000;
const START_TIMEOUT_MS = 10_000;

export const ORACLES: readonly Oracle[] = [
  {
    name: 'Knot',
    command: 'knotd',
    version: '--version',
    files: (folder, port) => ({
      'knot.conf': [
        'server:',
        `  listen: 127.0.0.1@${port}`,
        `  rundir: ${folder}`,
        '  udp-workers: 1',
        '  tcp-workers: 1',
        '  background-workers: 1',
        'database:',
        `  storage: ${folder}`,
        'log:',
        ' - target: stderr',
        '   any: error',
        'zone:',
        ` - domain: ${ORIGIN}`,
        `   file: ${folder}/zone`,
        '   zonefile-sync: -1',
        '   semantic-checks: off',
        '   journal-content: none',
        '',
      ].join('\n'),
    }),
    args: (folder) => ['-c', join(folder, 'knot.conf')],
  },
  {
    name: 'NSD',
    command: 'nsd',
    version: '-v',
    files: (folder, port) => ({
      'nsd.conf': [
        'server:',
        `  ip-address: 127.0.0.1@${port}`,
        '  username: ""',
        `  zonesdir: "${folder}"`,
        '  database: ""',
        '  pidfile: ""',
        `  xfrdfile: "${folder}/xfrd"`,
        `  zonelistfile: "${folder}/zonelist"`,
        `  xfrdir: "${folder}"`,
        '  minimal-responses: yes',
        '  server-count: 1',
        '  rrl-ratelimit: 0',
        'remote-control:',
        '  control-enable: no',
        'zone:',
        `  name: "${ORIGIN}"`,
        '  zonefile: "zone"',
        '',
      ].join('\n'),
    }),
    args: (folder) => ['-d', '-c', join(folder, 'nsd.conf')],
  },
];

/** Why a comparison is left out; false where it can be made. */
export function isMissing({ command, version, name }: Pick<Oracle, 'command' | 'version' | 'name'>): string | false {
  try {
    execFileSync(command, [version], { stdio: 'ignore' });
    return false;
  } catch (error) {
    // NSD leaves with 1 after telling its version.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? `${name} is not installed` : false;
  }
}

/** Answers its port when it serves the zone. */
export async function startOracle(test: TestContext, oracle: Oracle, zone: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), `bioscope-dns-${oracle.command}-`));
  const port = await freePort();
  await writeFile(join(folder, 'zone'), zone);
  for (const [file, text] of Object.entries(oracle.files(folder, port))) await writeFile(join(folder, file), text);
  const lines: string[] = [];
  const child = await superviseChild({
    name: oracle.command,
    command: oracle.command,
    args: oracle.args(folder),
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    onLine: (line) => lines.push(line),
  });
  test.after(async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      const answer = await ask(port, { name: ORIGIN, type: TYPE.SOA }, 200);
      if (answer.rcode === 0) return port;
    } catch {
      // Not yet.
    }
    if (Date.now() > deadline) throw new Error(`${oracle.name} does not answer: ${lines.join('; ')}`);
    await pause(20);
  }
}

export async function ask(port: number, asked: Asked, timeoutMs = ANSWER_TIMEOUT_MS): Promise<ReadAnswer> {
  const socket = createSocket('udp4');
  try {
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      socket.on('message', resolve);
      socket.on('error', reject);
    });
    socket.connect(port, '127.0.0.1', () => socket.send(queryPacket(asked)));
    const timeout = AbortSignal.timeout(timeoutMs);
    const late = new Promise<never>((_, reject) =>
      timeout.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`))),
    );
    return readMessage(await Promise.race([answer, late]));
  } finally {
    socket.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
