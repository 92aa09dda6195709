import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

export type ExclusiveLock = { release(): void };

const LOOK_EVERY_MS = 200;

/**
 * Takes a lock between processes; null when another one still holds it after `waitMs`. Node has no file locks of its own; an exclusive
 * SQLite transaction is one that the system drops when its process dies, however it dies.
 */
export async function takeLock(file: string, waitMs: number): Promise<ExclusiveLock | null> {
  const deadlineAtMs = performance.now() + waitMs;
  mkdirSync(dirname(file), { recursive: true });
  for (;;) {
    const lock = tryLock(file);
    if (lock !== null || performance.now() >= deadlineAtMs) return lock;
    await pause(LOOK_EVERY_MS);
  }
}

/** Without waiting; the file's folder must be there. */
export function tryLock(file: string): ExclusiveLock | null {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    // A journal on disk would be left behind by a kill and be in the way of the next owner.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY) return null;
    throw error;
  }
  return { release: () => database.close() };
}

const SQLITE_BUSY = 5;
