import { execFile } from 'node:child_process';
import { open, type FileHandle } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { Lab } from './specimen.ts';

const run = promisify(execFile);
const MAKE_MS_MAX = 60_000;

/** A place to make specimens in, with two tripwires: a server, and a file that only a thief would open. */
export type GuardedLab = Lab &
  AsyncDisposable & {
    /** Connections that the server has had. */
    calls(): number;
    /** Whether somebody has opened the canary. */
    canaryOpened(): boolean;
  };

export async function openLab(folder: string): Promise<GuardedLab> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const canary = await armCanary(join(folder, 'canary.mp4'));
  let plain: Promise<string> | null = null;
  const ffmpeg = async (...args: readonly string[]): Promise<void> => {
    await run('nice', ['-n', '10', 'ffmpeg', '-v', 'error', '-nostdin', '-y', ...args], { timeout: MAKE_MS_MAX });
  };
  const makePlain = async (): Promise<string> => {
    const path = join(folder, 'plain-film.mp4');
    await ffmpeg(...MOVING, ...SOUND, '-t', '2', ...H264, '-c:a', 'aac', '-movflags', '+faststart', path);
    return path;
  };
  return {
    folder,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4`,
    canary: canary.path,
    ffmpeg,
    plainFilm: () => (plain ??= makePlain()),
    calls: () => calls,
    canaryOpened: () => canary.opened(),
    async [Symbol.asyncDispose]() {
      await canary.release();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A moving test picture and a tone, as inputs 0 and 1. */
export const MOVING = ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25'] as const;
export const SOUND = ['-f', 'lavfi', '-i', 'sine=f=440:r=48000'] as const;
export const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'] as const;

/** A named pipe: opening it for writing succeeds only once somebody opens it for reading. */
async function armCanary(path: string): Promise<{ path: string; opened(): boolean; release(): Promise<void> }> {
  await run('mkfifo', [path]);
  let opened = false;
  const writing = open(path, 'w').then(async (handle: FileHandle) => {
    opened = true;
    await handle.close();
  });
  return {
    path,
    opened: () => opened,
    async release() {
      const reader = await open(path, 'r');
      await writing;
      await reader.close();
    },
  };
}
