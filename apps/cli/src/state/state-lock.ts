import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Held by the one process that runs on a state folder. */
export type StateLock = { release(): void };

/** A look at the lock by another command may hold it for an instant. */
const WAIT_MS = 500;

/**
 * Takes the folder's lock; null when another process has it. Node has no file locks of its own; an exclusive SQLite transaction is one that
 * the system drops when its process dies, however it dies.
 */
export function takeStateLock(folder: string): StateLock | null {
  const database = new DatabaseSync(join(folder, 'up.lock'), { timeout: WAIT_MS });
  try {
    // A journal on disk would be left behind by a kill and be in the way of the next owner.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return null;
    throw error;
  }
  return { release: () => database.close() };
}

/** Whether a process holds the lock now. */
export function isStateLocked(folder: string): boolean {
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(join(folder, 'up.lock'), { readOnly: true, timeout: 0 });
  } catch {
    return false; // No such file: never run.
  }
  try {
    database.exec('BEGIN; SELECT count(*) FROM sqlite_master; ROLLBACK');
    return false;
  } catch (error) {
    return isBusy(error);
  } finally {
    database.close();
  }
}

const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
