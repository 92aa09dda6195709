import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { KvFault } from '../src/port.ts';
import { openSqliteFile, type SqliteFile } from '../src/sqlite-worker/index.ts';

describe('a SQLite file behind its threads', () => {
  let folder: string;
  let notices: string[];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-sqlite-'));
    notices = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const open = (schema: number): Promise<SqliteFile> =>
    openSqliteFile({
      folder,
      fileName: 'notes.db',
      program: new URL(`./notes-program.ts?schema=${schema}`, import.meta.url),
      exclusive: true,
      clock: Date.now,
      onNotice: (notice) => notices.push(notice.text()),
    });
  const write = (file: SqliteFile, text: string): Promise<void> =>
    file.write({ operation: 1, pack: (packer) => packer.text(text), decode: () => {} });
  const look = (file: SqliteFile): Promise<{ columns: string; texts: string; halfMade: number }> =>
    file.read({
      operation: 1,
      pack: () => {},
      decode: (answer) => ({ columns: answer.text(), texts: answer.text(), halfMade: answer.f64() }),
    });

  it('brings an older file to the newest schema and keeps what was in it', async () => {
    const older = await open(1);
    await write(older, 'kept');
    assert.equal((await look(older)).columns, 'text');
    await older.close();
    const newer = await open(2);
    assert.deepEqual(await look(newer), { columns: 'text colour', texts: 'kept', halfMade: 0 });
    await newer.close();
    await assert.rejects(open(1), /schema 2, newer than this release \(1\)/);
  });

  it('leaves the file as it was when a migration fails', async () => {
    await (await open(2)).close();
    await assert.rejects(open(3), (error) => error instanceof KvFault && /cannot open .*notes\.db/.test(error.message));
    const again = await open(2);
    assert.equal((await look(again)).halfMade, 0);
    await again.close();
  });

  it('rolls back only the call that fails after its write, and keeps those of the same batch', async () => {
    const file = await open(1);
    const results = await Promise.allSettled(['a', 'broken', 'b', 'refused', 'c'].map((text) => write(file, text)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal((await look(file)).texts, 'a b c');
    await file.close();
  });

  it('tells of what was committed only: once, also when the batch had to run again', async () => {
    const file = await open(1);
    await Promise.allSettled(['a', 'broken', 'b'].map((text) => write(file, text)));
    await file.close();
    assert.deepEqual(notices, ['a', 'b']);
  });

  it('refuses an operation that the program does not have, and goes on', async () => {
    const file = await open(1);
    await assert.rejects(file.write({ operation: 99, pack: () => {}, decode: () => {} }), /no such operation/);
    await write(file, 'after');
    assert.equal((await look(file)).texts, 'after');
    await file.close();
  });

  it('sends nothing of a call whose packing throws', async () => {
    const file = await open(1);
    const throwing = file.write({
      operation: 1,
      pack: (packer) => {
        packer.text('half');
        throw new Error('cannot pack this');
      },
      decode: () => {},
    });
    const beside = write(file, 'whole');
    await assert.rejects(throwing, (error) => error instanceof KvFault && error.code === 'KV_BAD_REQUEST');
    await beside;
    assert.equal((await look(file)).texts, 'whole');
    await file.close();
  });
});
