import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytes, utf8 } from '@bioscope/kv';
import { eventually } from '../src/conformance/check.ts';
import type { Log } from '../src/port.ts';
import { openLog } from '../src/sqlite/index.ts';

it(
  'shares a group between processes, and takes over what a killed one held without waiting for its lease',
  { timeout: 90_000 },
  async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-log-'));
    const log = await openLog({ folder });
    const other = startMember(folder);
    const ours: string[] = [];
    try {
      log.subscribe({ topic: 'shared', group: 'g' }, async (records) => {
        ours.push(...records.map(({ value }) => utf8(value)));
      });
      const counter = { count: 0 };
      await eventually('both processes handle records', async () => {
        await publishSome(log, counter);
        return ours.length > 0 && other.handled().length > 0;
      });
      await eventually('all are handled', () => new Set([...ours, ...other.handled()]).size === counter.count);
      other.child.kill('SIGKILL');
      await once(other.child, 'close');
      const killedAt = performance.now();
      const before = ours.length;
      await publishSome(log, counter);
      await eventually('the survivor handles all', () => new Set([...ours, ...other.handled()]).size === counter.count);
      assert.equal(new Set(ours.slice(before)).size, ours.length - before, 'a record came twice');
      assert.ok(performance.now() - killedAt < 9_000, 'it waited for the lease, not for the end of the process');
    } finally {
      other.child.kill('SIGKILL');
      await log.close();
      await rm(folder, { recursive: true });
    }
  },
);

async function publishSome(log: Log, counter: { count: number }): Promise<void> {
  const records = Array.from({ length: 32 }, (_, index) => ({
    key: `k${index}`,
    type: 'said',
    value: bytes(String(counter.count + index)),
  }));
  await log.publish('shared', records);
  counter.count += records.length;
}

function startMember(folder: string): { child: ChildProcess; handled(): string[] } {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./group-member.ts', import.meta.url)), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  return { child, handled: () => out.split('\n').slice(0, -1) };
}
