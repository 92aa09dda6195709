import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/**
 * Opens a SQLite file for reading only, beside whoever writes it. `isQuiet`: nobody does. One that was closed in order is then read as a file that does not
 * change, because otherwise SQLite would put files of its own beside it.
 */
export function openToLook(file: string, isQuiet: boolean): DatabaseSync {
  const logBytes = existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0;
  const address = pathToFileURL(file);
  if (isQuiet && logBytes === 0) address.searchParams.set('immutable', '1');
  return new DatabaseSync(address, { readOnly: true, timeout: BUSY_MS_MAX });
}

const BUSY_MS_MAX = 10_000;
