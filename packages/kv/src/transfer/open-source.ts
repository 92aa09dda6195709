import { existsSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KvFault } from '../port.ts';
import { APPLICATION_ID, MIGRATIONS } from '../sqlite/schema.ts';
import { openToLook } from './open-to-look.ts';

/** An embedded store that is only looked at: nothing in its folder is changed but the reader marks that SQLite keeps beside a file in use. */
export type TransferSource = {
  readonly path: string;
  /** Which store it is, for people too: it names the moment when it was made. */
  readonly id: string;
  /** Nobody has the store open, and nobody can open it until this is closed. */
  readonly isQuiet: boolean;
  readonly database: DatabaseSync;
  /** Everything that `look` reads is of one moment. */
  readonly moment: <T>(look: () => T) => T;
  close(): void;
};

/**
 * Opens the store in a folder for reading, beside the service that may be using it or alone. Rejects with `KV_UNAVAILABLE` when there is none, or none
 * that this release can read.
 */
export function openTransferSource({ folder, fileName = 'kv.db' }: { folder: string; fileName?: string }): TransferSource {
  const file = path.join(folder, fileName);
  if (!existsSync(file)) throw new KvFault('KV_UNAVAILABLE', `there is no store at ${file}`);
  const hold = holdAgainstWriters(`${file}.lock`);
  try {
    const database = openToLook(file, hold.isQuiet);
    try {
      const id = checkedId(database, file);
      return {
        path: file,
        id,
        isQuiet: hold.isQuiet,
        database,
        moment(look) {
          database.exec('BEGIN');
          try {
            return look();
          } finally {
            database.exec('COMMIT');
          }
        },
        close() {
          database.close();
          hold.release();
        },
      };
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    hold.release();
    if (error instanceof KvFault) throw error;
    throw new KvFault('KV_UNAVAILABLE', `cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** A shared lock on the file whose exclusive lock each writer takes first: it keeps writers out and writes nothing. */
function holdAgainstWriters(lockPath: string): { readonly isQuiet: boolean; release(): void } {
  // A copy of a store may lack it; nobody uses a copy.
  if (!existsSync(lockPath)) return { isQuiet: true, release: () => {} };
  const lock = new DatabaseSync(lockPath, { readOnly: true, timeout: LOCK_WAIT_MS_MAX });
  try {
    lock.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    return { isQuiet: true, release: () => lock.close() };
  } catch (error) {
    lock.close();
    if (!isBusy(error)) throw error;
    return { isQuiet: false, release: () => {} };
  }
}

function checkedId(database: DatabaseSync, file: string): string {
  const mark = database.prepare('PRAGMA application_id').get()?.['application_id'];
  if (mark !== APPLICATION_ID) throw new KvFault('KV_UNAVAILABLE', `${file} is not a store of items, registers and streams`);
  const version = Number(database.prepare('SELECT max(version) AS version FROM schema_version').get()?.['version']);
  if (version !== MIGRATIONS.length)
    throw new KvFault(
      'KV_UNAVAILABLE',
      `${file} has schema ${version}, this release reads ${MIGRATIONS.length}: ${version < MIGRATIONS.length ? 'start and stop the service once with this release' : 'use the newer release'}`,
    );
  const made = database.prepare('SELECT applied_at FROM schema_version ORDER BY version LIMIT 1').get()?.['applied_at'];
  return `store made at ${String(made)}`;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

const SQLITE_BUSY = 5;
/** Another look at the lock may hold it for an instant. */
const LOCK_WAIT_MS_MAX = 500;
