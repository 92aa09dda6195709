import { existsSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { faultCodeOf, isBusy, isDamage } from './errors.ts';
import { Refusal, type SqliteProgram } from './program.ts';

export type FileOptions = {
  readonly path: string;
  /** The file may not grow beyond this; null: as far as the disk goes. */
  readonly bytesMax: number | null;
  /** Held for as long as the writer runs; null when several processes may open the file. */
  readonly lockPath: string | null;
};

/**
 * Opens the file for its one writer: takes the folder's lock, checks the file, brings it to the newest schema. Every commit is on disk
 * before it returns (WAL with `synchronous=FULL`).
 */
export function openForWriting(program: SqliteProgram, options: FileOptions): { database: DatabaseSync; close(): void } {
  const lock = options.lockPath === null ? null : takeLock(options.lockPath);
  try {
    const database = named(options.path, () => {
      const opened = new DatabaseSync(options.path, { timeout: BUSY_MS_MAX });
      checkFile(opened, program, options.path);
      opened.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;');
      opened.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA journal_size_limit = ${LOG_BYTES_KEPT};`);
      migrate(opened, program, options.path);
      limitSize(opened, options.bytesMax);
      return opened;
    });
    return {
      database,
      close: () => {
        database.close();
        lock?.close();
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/** A second connection of the same process that can only read; sees every commit made before each of its transactions. */
export function openForReading(path: string): DatabaseSync {
  return named(path, () => {
    const database = new DatabaseSync(path, { timeout: BUSY_MS_MAX });
    database.exec('PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;');
    return database;
  });
}

/**
 * SQLite's own file lock on an empty file beside the data: the system drops it when the process dies, however it dies. The data file
 * cannot carry it, because our reader has to get in.
 */
function takeLock(path: string): DatabaseSync {
  const lock = new DatabaseSync(path, { timeout: LOCK_WAIT_MS_MAX });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw new Refusal(faultCodeOf(error), `cannot lock ${path}: ${messageOf(error)}`);
    throw new Refusal('KV_UNAVAILABLE', `another process uses this store (it holds ${path}); stop it, or choose another folder`);
  }
}

function checkFile(database: DatabaseSync, program: SqliteProgram, path: string): void {
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  const mark = database.prepare('PRAGMA application_id').get()?.['application_id'];
  if (tables === 0) return database.exec(`PRAGMA application_id = ${program.applicationId}`);
  if (mark !== program.applicationId) {
    throw new Refusal('KV_UNAVAILABLE', `${path} is a SQLite file of some other program; move it away or choose another folder`);
  }
  if (!existsSync(path) || statSync(path).size > CHECKED_WHOLE_BYTES_MAX) return;
  const verdict = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (verdict !== 'ok') throw new Refusal('KV_UNAVAILABLE', `${path} is damaged (${String(verdict)}); restore it from a copy`);
}

function migrate(database: DatabaseSync, program: SqliteProgram, path: string): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, applied_at TEXT NOT NULL)');
    const current = Number(database.prepare('SELECT coalesce(max(version), 0) AS version FROM schema_version').get()?.['version']);
    if (current > program.migrations.length) {
      throw new Refusal(
        'KV_UNAVAILABLE',
        `${path} has schema ${current}, newer than this release (${program.migrations.length}); use the newer release`,
      );
    }
    const record = database.prepare("INSERT INTO schema_version VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))");
    program.migrations.slice(current).forEach((sql, index) => {
      database.exec(sql);
      record.run(current + index + 1);
    });
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function limitSize(database: DatabaseSync, bytesMax: number | null): void {
  if (bytesMax === null) return;
  const pageBytes = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(bytesMax / pageBytes))}`);
}

function named<T>(path: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (isDamage(error))
      throw new Refusal('KV_UNAVAILABLE', `${path} is damaged or not a SQLite file (${messageOf(error)}); restore it from a copy`);
    throw new Refusal(faultCodeOf(error), `cannot open ${path}: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How long a transaction waits for another process's; a queue in front of SQLite is fairer, so this is a last resort. */
const BUSY_MS_MAX = 10_000;
/** A predecessor that is just being killed lets go within this. */
const LOCK_WAIT_MS_MAX = 1_000;
/** A page is 4 KiB: the log is copied back every 16 MiB, four times less often than by default, at the price of disk space. */
const CHECKPOINT_PAGES = 4_000;
const LOG_BYTES_KEPT = 64 * 1024 * 1024;
/** Reading more than this at every start would be felt; damage deeper in a larger file shows when it is read. */
const CHECKED_WHOLE_BYTES_MAX = 32 * 1024 * 1024;
