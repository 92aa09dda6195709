import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { openFileBlobs } from '@bioscope/blob/files';
import { openKv } from '@bioscope/kv/sqlite';
import { openLog } from '@bioscope/log/sqlite';
import { createFaults } from './faults.ts';
import { faultyBlobs } from './faulty-blobs.ts';
import { faultyKv } from './faulty-kv.ts';
import { faultyLog } from './faulty-log.ts';
import { ruleFrom } from './rule-from.ts';
import type { What, Where } from './rule.ts';

async function start(test: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-faulty-'));
  const faults = createFaults({ self: { region: '', zone: '', group: '' }, random: () => 0, nowMs: () => performance.now() });
  const [kv, log] = [await openKv({ folder }), await openLog({ folder })];
  const blobs = await openFileBlobs({ folder: join(folder, 'blob'), secret: 'x'.repeat(32) });
  test.after(async () => {
    faults.close();
    await Promise.all([kv.close(), log.close()]);
    await rm(folder, { recursive: true });
  });
  const put = (what: Partial<What>, where: Partial<Where> = {}): void =>
    faults.put([ruleFrom('r', { where: { side: 'store', ...where }, what })], 60_000);
  return { faults, put, kv: faultyKv(kv, faults), log: faultyLog(log, faults), blobs: faultyBlobs(blobs, faults) };
}

const BYTES = new TextEncoder().encode('value');
const REGISTER = { namespace: 'ns', name: 'n' };

describe('faulty stores', () => {
  it('are the stores themselves while there are no rules', async (test) => {
    const { kv, log, blobs } = await start(test);
    assert.equal((await kv.registers.create({ ...REGISTER, value: BYTES, commandId: 'c' })).kind, 'created');
    await log.publish('topic', [{ key: 'k', type: 't', value: BYTES }]);
    assert.equal((await blobs.put('key', BYTES)).kind, 'stored');
  });

  it('full: refuse what is written, with nothing written, and go on being read', async (test) => {
    const { faults, put, kv, log, blobs } = await start(test);
    put({ effect: 'full' });
    await assert.rejects(kv.registers.create({ ...REGISTER, value: BYTES, commandId: 'c' }), { code: 'KV_NO_SPACE' });
    await assert.rejects(log.publish('topic', [{ key: 'k', type: 't', value: BYTES }]), { code: 'KV_NO_SPACE' });
    await assert.rejects(blobs.put('key', BYTES), { code: 'BLOB_NO_SPACE' });
    assert.equal(await kv.registers.read(REGISTER), null);
    faults.withdrawAll();
    assert.equal(await blobs.head('key'), null);
  });

  it('down: are unavailable at once; only the namespaces that are named', async (test) => {
    const { put, kv } = await start(test);
    put({ effect: 'error' }, { callees: ['kv'], callers: ['other'] });
    assert.equal(await kv.registers.read(REGISTER), null);
    await assert.rejects(kv.registers.read({ ...REGISTER, namespace: 'other' }), { code: 'KV_UNAVAILABLE' });
  });

  it('half-open: write, and leave the writer in doubt at its deadline', async (test) => {
    const { faults, put, kv } = await start(test);
    put({ effect: 'half-open' });
    await assert.rejects(kv.registers.create({ ...REGISTER, value: BYTES, commandId: 'c' }, { deadlineMs: 100 }), { code: 'KV_DEADLINE' });
    faults.withdrawAll();
    assert.equal((await kv.registers.read(REGISTER))?.version, 1);
  });

  it('silent or slower than the deadline: end at the deadline, and nothing was written', async (test) => {
    const { faults, put, kv } = await start(test);
    for (const what of [{ effect: 'drop' }, { effect: 'pass', delayMs: 60_000 }] as const) {
      put(what);
      await assert.rejects(kv.registers.create({ ...REGISTER, value: BYTES, commandId: 'c' }, { deadlineMs: 20 }), { code: 'KV_DEADLINE' });
      faults.withdrawAll();
      assert.equal(await kv.registers.read(REGISTER), null);
    }
  });
});
