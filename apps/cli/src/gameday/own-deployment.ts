import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { superviseChild } from '@bioscope/host';
import type { Invocation } from '../command.ts';
import { add } from '../commands/add.ts';
import { installationFolder } from '../config.ts';

/** A whole service of several regions that exists for one game day. */
export type OwnDeployment = AsyncDisposable & { readonly folder: string };

export type Shape = { readonly regions: number; readonly zones: number };

/** Three dozen processes on as few cores as a test machine has. */
const START_MS_MAX = 600_000;
/** All processes drain. */
const STOP_MS_MAX = 60_000;
const LAST_LINES_MAX = 20;
const VIEWERS_LIVE_IN = 'DE';
const FILMS = 3;
const FILM_SECONDS = 90;

/** Starts a service in a temporary folder and adds films to it. Nothing is left of it once it is disposed of, nor when this process dies. */
export async function startOwnDeployment(
  { environment, terminal, interrupt }: Pick<Invocation, 'environment' | 'terminal' | 'interrupt'>,
  shape: Shape,
): Promise<OwnDeployment> {
  await using opened = new AsyncDisposableStack();
  const parent = await mkdtemp(join(tmpdir(), 'bioscope-gameday-'));
  opened.defer(() => rm(parent, { recursive: true, force: true, maxRetries: 5 }));
  const folder = join(parent, 'state');
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  const child = await superviseChild({
    name: 'gameday-service',
    command: process.execPath,
    args: [...process.execArgv, join(installationFolder(), 'apps', 'cli', 'src', 'main.ts'), ...upArguments(folder, shape)],
    env: {
      ...environment,
      BIOSCOPE_CHAOS: '1',
      // Its viewers sit on loopback, and plans have a price only where somebody lives.
      BIOSCOPE_COUNTRY: environment['BIOSCOPE_COUNTRY'] ?? VIEWERS_LIVE_IN,
      BIOSCOPE_DNS_TTL_SECONDS: environment['BIOSCOPE_DNS_TTL_SECONDS'] ?? '5',
    },
    stopDeadlineMs: STOP_MS_MAX,
    onLine(line) {
      lines.push(line);
      if (lines.length > LAST_LINES_MAX) lines.shift();
      if (line.startsWith('{"pid"')) ready.resolve();
    },
  });
  opened.defer(() => child.stop());
  void child.ended.then(() => ready.reject(new Error(`the service of the game day ended:\n${lines.join('\n')}`)));
  const late = setTimeout(() => ready.reject(new Error(`the service of the game day does not start:\n${lines.join('\n')}`)), START_MS_MAX);
  await ready.promise.finally(() => clearTimeout(late));
  const film = await makeFilm(parent);
  for (let number = 1; number <= FILMS; number += 1) {
    await add.run({ words: [film], options: { title: `Game day film ${number}`, data: folder }, environment, terminal, interrupt });
  }
  const disposing = opened.move();
  return { folder, [Symbol.asyncDispose]: () => disposing.disposeAsync() };
}

function upArguments(folder: string, { regions, zones }: Shape): readonly string[] {
  return ['up', '--data', folder, '--port', '0', '--no-demo', '--json', '--regions', String(regions), '--zones', String(zones)];
}

/** Prepared on the lowest rung only, in seconds. */
async function makeFilm(folder: string): Promise<string> {
  const file = join(folder, 'film.mp4');
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=320x240:rate=24:duration=${FILM_SECONDS}`];
  const sound = ['-f', 'lavfi', '-i', `sine=duration=${FILM_SECONDS}`];
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  await promisify(execFile)('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...picture, ...sound, ...codecs, file]);
  return file;
}
