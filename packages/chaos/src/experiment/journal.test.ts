import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { openJournal } from './journal.ts';
import type { Journal } from './journal.ts';

async function newPath(test: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-journal-'));
  test.after(() => rm(folder, { recursive: true }));
  return join(folder, 'chaos', 'journal.jsonl');
}

async function open(path: string): Promise<Journal> {
  const opened = await openJournal(path);
  assert(opened.kind === 'open');
  return opened.journal;
}

const ENTRY = { atMs: 1, what: 'begins', name: 'x', detail: 'kill a' } as const;

describe('the journal', () => {
  it('keeps what was written, over a restart and a half-written line', async (test) => {
    const path = await newPath(test);
    const first = await open(path);
    await first.add(ENTRY);
    await first.close();
    await appendFile(path, '{"atMs":2,"wh');
    const second = await open(path);
    assert.deepEqual(await second.entries(), [ENTRY]);
    await second.add({ ...ENTRY, atMs: 3 });
    assert.equal(
      (await second.entries()).some(({ atMs }) => atMs === 3),
      true,
      'a torn line takes nothing else with it',
    );
    await second.close();
  });

  it('is held by one process at a time; a dead one holds nothing', async (test) => {
    const path = await newPath(test);
    const first = await open(path);
    assert.deepEqual(await openJournal(path), { kind: 'busy', pid: process.pid });
    await first.close();
    // Above the largest id that Linux gives.
    await writeFile(`${path}.lock`, '99999999');
    await (await open(path)).close();
  });
});
