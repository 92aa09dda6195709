import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytes, utf8 } from '@bioscope/kv';
import { connectTo, eventually, startStorage } from './running-storage.ts';
import type { RemoteState, RunningStorage } from './running-storage.ts';

describe('members of one group in several processes', () => {
  it('share the records, and take over what a killed one held without waiting for its lease', { timeout: 120_000 }, async (test) => {
    const storage = await startStorage();
    const state = await connectTo(storage);
    const other = startMember(storage);
    test.after(async () => {
      other.child.kill('SIGKILL');
      await state.close();
      await storage.end();
    });
    const ours: string[] = [];
    state.log.subscribe({ topic: 'shared', group: 'g' }, async (records) => {
      ours.push(...records.map(({ value }) => utf8(value)));
    });
    const handled = (): Set<string> => new Set([...ours, ...other.handled()]);
    let count = 0;
    const publish = async (): Promise<void> => {
      await publishSome(state, count);
      count += 32;
    };
    await eventually('both processes handle records', async () => {
      await publish();
      return ours.length > 0 && other.handled().length > 0;
    });
    await eventually('all are handled', () => handled().size === count);
    other.child.kill('SIGKILL');
    await once(other.child, 'close');
    const killedAt = performance.now();
    await publish();
    await eventually('the survivor handles all', () => handled().size === count);
    assert.ok(performance.now() - killedAt < 9_000, 'it waited for the lease, not for the end of the process');
  });
});

async function publishSome({ log }: RemoteState, from: number): Promise<void> {
  const records = Array.from({ length: 32 }, (_, index) => ({ key: `k${index}`, type: 'said', value: bytes(String(from + index)) }));
  await log.publish('shared', records);
}

function startMember({ address, secret, folder }: RunningStorage): { child: ChildProcess; handled(): string[] } {
  const program = fileURLToPath(new URL('./member-child.ts', import.meta.url));
  const child = spawn(process.execPath, [program, address, secret, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  return { child, handled: () => out.split('\n').slice(0, -1) };
}
