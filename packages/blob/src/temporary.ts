import { randomUUID } from 'node:crypto';
import { readFile, readdir, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { makeFolder } from './durable.ts';

/**
 * A folder for half-written files, one per process, so that those of a killed process can be told from those of a living one and swept.
 * A process is known by its id and its start time: ids come round again, in containers at once.
 */
export async function openTemporary(folder: string): Promise<{ newPath(): string }> {
  const mine = await ownerName(process.pid);
  await makeFolder(path.join(folder, mine));
  await sweep(folder, mine);
  return { newPath: () => path.join(folder, mine, randomUUID()) };
}

/** Removes a temporary file; that it is not there is no error. */
export async function discard(temporary: string): Promise<void> {
  await unlink(temporary).catch(() => undefined);
}

async function sweep(folder: string, mine: string): Promise<void> {
  for (const owner of await readdir(folder)) {
    if (owner === mine || (await isAlive(owner))) continue;
    await rm(path.join(folder, owner), { recursive: true, force: true });
  }
}

async function isAlive(owner: string): Promise<boolean> {
  const pid = Number(owner.split('-')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return (await ownerName(pid)) === owner;
}

/** Field 22 of /proc/PID/stat is the start time in clock ticks since boot (proc(5)); systems without /proc go by the id alone. */
async function ownerName(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  return `${pid}-${started}`;
}
