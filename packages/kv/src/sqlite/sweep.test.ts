import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../conformance/check.ts';
import { LIMITS } from '../limits.ts';
import type { KvStore } from '../port.ts';
import { bytes } from '../text.ts';
import { newToken } from '../token.ts';
import { openKv } from './index.ts';

const HOUR = 60 * 60 * 1000;

describe('sweeping', () => {
  let folder: string;
  let store: KvStore;
  let looking: DatabaseSync;
  let nowMs = 1_000_000_000_000;
  const clock = (): number => nowMs;
  const id = { namespace: 'n', record: 'r' };
  const rowsIn = (table: string): number => Number(looking.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n']);
  const put = (key: string, ttlMs?: number): Promise<void> =>
    store.items.put({
      ...id,
      items: [{ key: bytes(key), value: bytes('v'), ...(ttlMs === undefined ? {} : { ttlMs }) }],
      token: newToken(clock),
    });

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
    store = await openKv({ folder, clock, sweepEveryMs: 5 });
    looking = new DatabaseSync(path.join(folder, 'kv.db'), { readOnly: true });
  });
  after(async () => {
    looking.close();
    await store.close();
    await rm(folder, { recursive: true });
  });

  it('keeps tombstones, commands and removed registers for a day, then forgets them, many in small batches', async () => {
    await Promise.all(Array.from({ length: 1_200 }, (_, index) => put(`k${index}`)));
    await put('stays');
    const keys = Array.from({ length: 600 }, (_, index) => bytes(`k${index}`));
    await store.items.delete({ ...id, select: { kind: 'keys', keys }, token: newToken(clock) });
    await store.items.delete({ ...id, select: { kind: 'range', from: bytes('k'), to: bytes('l') }, token: newToken(clock) });
    await store.registers.create({ namespace: 'n', name: 'x', value: bytes('v'), commandId: 'c1' });
    await store.registers.remove({ namespace: 'n', name: 'x', expectedVersion: 1, commandId: 'c2' });
    assert.equal(rowsIn('range_tombstones'), 1);
    assert.equal(rowsIn('register_commands'), 2);
    nowMs += 23 * HOUR;
    await put('written after 23 hours');
    await sweptAgain();
    assert.equal(rowsIn('range_tombstones') + rowsIn('registers') + rowsIn('register_commands'), 4, 'forgotten too early');
    nowMs += 2 * HOUR;
    await eventually(
      'all is forgotten',
      async () => rowsIn('items') + rowsIn('range_tombstones') + rowsIn('registers') + rowsIn('register_commands'),
      (rows) => rows === 3,
    );
    // Two live items and the canary's tombstone, which is younger.
    assert.equal((await store.items.get(id)).items.length, 2);
  });

  it('makes an expired item a tombstone without its value, and forgets that a day later', async () => {
    await put('short', 1_000);
    nowMs += 1_001;
    assert.equal((await store.items.get({ ...id, select: { kind: 'keys', keys: [bytes('short')] } })).items.length, 0);
    const row = (): unknown => looking.prepare('SELECT value FROM items WHERE key = ?').get(bytes('short'))?.['value'];
    await eventually(
      'its value is gone',
      async () => row(),
      (value) => value === null,
    );
    nowMs += LIMITS.graceMs + 1;
    await eventually(
      'its row is gone',
      async () => row(),
      (value) => value === undefined,
    );
  });

  it('forgets a lease a day after it ran out, and gives the next holder a greater fence all the same', async () => {
    const first = await store.registers.acquireLease({ namespace: 'n', name: 'l', holder: 'me', ttlMs: 1_000 });
    nowMs += LIMITS.graceMs + 2_000;
    await eventually(
      'the lease is forgotten',
      async () => rowsIn('leases'),
      (rows) => rows === 0,
    );
    const second = await store.registers.acquireLease({ namespace: 'n', name: 'l', holder: 'you', ttlMs: 1_000 });
    assert.ok(first.kind === 'held' && second.kind === 'held' && second.fence > first.fence);
  });

  /** A short-lived item that is swept shows that a sweep has run at this time. */
  async function sweptAgain(): Promise<void> {
    await put('canary', 1);
    nowMs += 2;
    const canary = looking.prepare('SELECT value FROM items WHERE key = ?');
    await eventually(
      'a sweep runs',
      async () => canary.get(bytes('canary'))?.['value'],
      (value) => value === null,
    );
  }
});
