import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { KvStore } from '../port.ts';
import { openKv } from '../sqlite/index.ts';
import { BROKEN_ENGINES } from './broken-engines.ts';
import { KV_CHECKS, subjectsOf } from './index.ts';
import { isLinearizable, type Sequential } from './linearizability.ts';

describe('the conformance suite bites: a read-then-write must not pass it', () => {
  let folder: string;
  let good: KvStore;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
    good = await openKv({ folder });
  });
  after(async () => {
    await good.close();
    await rm(folder, { recursive: true });
  });

  for (const [index, { mistake, failsCheck, breakIt }] of BROKEN_ENGINES.entries()) {
    it(`rejects an engine that ${mistake} (${failsCheck.source})`, async () => {
      const check = KV_CHECKS.find(({ name }) => failsCheck.test(name));
      assert.ok(check !== undefined, 'there is no such check');
      const broken = breakIt(good);
      const subject = subjectsOf({ store: broken, reopen: async () => broken, close: async () => {} })(check);
      const namespace = `broken_${index}`;
      await assert.rejects(check.run({ ...subject, namespace }), 'the suite did not notice');
      // The same check in the same way on the engine underneath: it was the mistake that failed.
      const sound = subjectsOf({ store: good, reopen: async () => good, close: async () => {} })(check);
      await check.run({ ...sound, namespace: `sound_${index}` });
    });
  }
});

describe('isLinearizable', () => {
  type Did = { readonly write: number } | { readonly read: number };
  const cell: Sequential<number, Did> = {
    initial: 0,
    apply: (state, did) => ('write' in did ? did.write : did.read === state ? state : null),
    key: String,
  };
  const call = (startedAt: number, endedAt: number, did: Did): { startedAt: number; endedAt: number; did: Did } => ({
    startedAt,
    endedAt,
    did,
  });

  it('accepts a read that overlaps a write and sees either value', () => {
    assert.equal(isLinearizable([call(0, 10, { write: 1 }), call(1, 2, { read: 0 })], cell), true);
    assert.equal(isLinearizable([call(0, 10, { write: 1 }), call(1, 2, { read: 1 })], cell), true);
  });

  it('rejects a read of the old value after the write was answered', () => {
    assert.equal(isLinearizable([call(0, 1, { write: 1 }), call(2, 3, { read: 0 })], cell), false);
  });

  it('lets a call without an answer happen late, or never', () => {
    const lost = { ...call(0, Infinity, { write: 1 }), isUnclear: true };
    assert.equal(isLinearizable([lost, call(5, 6, { read: 0 })], cell), true);
    assert.equal(isLinearizable([lost, call(5, 6, { read: 0 }), call(7, 8, { read: 1 })], cell), true);
    assert.equal(isLinearizable([lost, call(5, 6, { read: 1 }), call(7, 8, { read: 0 })], cell), false);
  });

  it('rejects a value that goes away again between two reads', () => {
    assert.equal(isLinearizable([call(0, 10, { write: 1 }), call(1, 2, { read: 1 }), call(3, 4, { read: 0 })], cell), false);
  });
});
