import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// The peer of the store bench, in a thread of its own: nothing but node:sqlite, one prepared statement and a commit per batch.
// It writes rows of the shape that the store writes, into a table of the same shape, with the same durability and checkpoints.

type Work = { readonly file: string; readonly batch: number; readonly valueBytes: number; readonly records: number };

const { file, batch, valueBytes, records } = workerData as Work;
const database = new DatabaseSync(file);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000;');
database.exec(`
  CREATE TABLE IF NOT EXISTS items (
    namespace INTEGER NOT NULL, record BLOB NOT NULL, key BLOB NOT NULL, token BLOB NOT NULL, until INTEGER, value BLOB,
    PRIMARY KEY (namespace, record, key)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS items_until ON items (until) WHERE until IS NOT NULL;`);
const upsert = database.prepare(`
  INSERT INTO items (namespace, record, key, token, until, value) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET token = excluded.token, until = excluded.until, value = excluded.value WHERE excluded.token > items.token`);
const begin = database.prepare('BEGIN IMMEDIATE');
const commit = database.prepare('COMMIT');
const key = Buffer.from('v');
const value = Buffer.alloc(valueBytes, 7);
const token = Buffer.alloc(24);
let written = 0;

function writeBatch(): void {
  begin.run();
  for (let index = 0; index < batch; index += 1) {
    written += 1;
    token.writeBigUInt64BE(BigInt(Date.now()) * 1000n + BigInt(written % 1000));
    upsert.run(1, Buffer.from(`record ${Math.floor(Math.random() * records)}`), key, token, null, value);
  }
  commit.run();
}

parentPort?.on('message', (forMs: number | 'close') => {
  if (forMs === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  const before = written;
  const startedAt = performance.now();
  while (performance.now() - startedAt < forMs) writeBatch();
  parentPort?.postMessage({ count: written - before, ms: performance.now() - startedAt }, []);
});
