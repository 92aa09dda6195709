/** What an error of SQLite means for the caller. The primary result code is the low byte of the extended one (sqlite.org/rescode.html). */
export function faultCodeOf(error: unknown): 'KV_NO_SPACE' | 'KV_UNAVAILABLE' {
  const extended = errorNumber(error);
  if (extended === null) return 'KV_UNAVAILABLE';
  const primary = extended & 0xff;
  if (primary === SQLITE_FULL || primary === SQLITE_READONLY) return 'KV_NO_SPACE';
  // A file system over quota or a file over its size limit shows as a failed write, not as "full".
  return NO_ROOM.has(extended) ? 'KV_NO_SPACE' : 'KV_UNAVAILABLE';
}

/** Whether the file itself is at fault: not a database, or damaged. */
export function isDamage(error: unknown): boolean {
  const primary = (errorNumber(error) ?? 0) & 0xff;
  return primary === SQLITE_CORRUPT || primary === SQLITE_NOTADB;
}

export function isBusy(error: unknown): boolean {
  return ((errorNumber(error) ?? 0) & 0xff) === SQLITE_BUSY;
}

function errorNumber(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode;
}

const SQLITE_BUSY = 5;
const SQLITE_READONLY = 8;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_NOTADB = 26;
/** SQLITE_IOERR_WRITE, _FSYNC, _TRUNCATE, _SHMSIZE, _SHMMAP: growing the file, its log or its shared memory failed. */
const NO_ROOM: ReadonlySet<number> = new Set([778, 1034, 1546, 4874, 5386]);
