import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { collector, eventually, record, textOf } from '../conformance/check.ts';
import { openLog } from './index.ts';

describe('retention', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-log-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('deletes records that are too old, and only those; a new group starts at the first that is left', async () => {
    let nowMs = 1_000_000_000_000;
    const log = await openLog({ folder, clock: () => nowMs, keepMs: 1_000, sweepEveryMs: 5 });
    for (let index = 0; index < 250; index += 1) await log.publish('t', [record('k', `old ${index}`)]);
    nowMs += 600;
    await log.publish('t', [record('k', 'young')]);
    nowMs += 600;
    const { gate, open } = closedGate();
    const behind = log.subscribe({ topic: 't', group: 'behind' }, () => gate);
    await eventually('the old ones are gone', async () => (await behind.lag()) === 1);
    const { seen } = collector(log, 't', 'new');
    await eventually('the young one arrives', () => seen.length > 0);
    assert.deepEqual(seen.map(textOf), ['young']);
    await log.publish('t', [record('k', 'next')]);
    await eventually('the next one arrives', () => seen.length === 2);
    open();
    await log.close();
  });

  it('deletes the oldest records of a partition that has grown too large, and keeps the newest', async () => {
    const log = await openLog({ folder, keepBytesPerPartition: 50_000, sweepEveryMs: 5 });
    const value = 'x'.repeat(10_000);
    for (let index = 0; index < 20; index += 1) await log.publish('t', [record('k', `${index} ${value}`)]);
    const { gate, open } = closedGate();
    const behind = log.subscribe({ topic: 't', group: 'behind' }, () => gate);
    await eventually('the oldest are gone', async () => (await behind.lag()) === 4);
    const { seen } = collector(log, 't', 'new');
    await eventually('the newest arrive', () => seen.length >= 4);
    assert.deepEqual(
      seen.map((one) => textOf(one).split(' ')[0]),
      ['16', '17', '18', '19'],
    );
    open();
    await log.close();
  });
});

function closedGate(): { gate: Promise<void>; open(this: void): void } {
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { gate, open: () => open() };
}
