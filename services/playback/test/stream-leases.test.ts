import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openKv } from '@bioscope/kv/sqlite';
import { STREAM_LEASE_MS } from '../src/domain/stream-slots.ts';
import { streamLeases } from '../src/stream-leases.ts';
import { stateFolder } from './running-playback.ts';

const who = (sessionId: string) => ({ sessionId, profileId: 'p', deviceId: `device of ${sessionId}`, titleId: 't' });

describe('simultaneous streams', () => {
  it('never exceed the limit and are never refused wrongly, with a thousand attempts at once from several processes', async () => {
    await using folder = await stateFolder();
    const kv = await openKv({ folder: join(folder.path, 'kv') });
    try {
      const processes = Array.from({ length: 4 }, () => streamLeases(kv, { nowMs: Date.now }));
      const [one] = processes;
      assert.ok(one !== undefined);
      // Two are there already; four more may come.
      await one.take('account', who('early-1'), { streamsMax: 6 });
      await one.take('account', who('early-2'), { streamsMax: 6 });
      const attempts = Array.from({ length: 1_000 }, (_, each) =>
        (processes[each % 4] ?? one).take('account', who(`s${each}`), { streamsMax: 6 }),
      );
      const results = await Promise.all(attempts);
      assert.equal(results.filter((result) => result.kind === 'leased').length, 4);
      const fences = results.flatMap((result) => (result.kind === 'leased' ? [result.fence] : []));
      assert.equal(new Set(fences).size, 4);
      assert.equal((await one.list('account')).length, 6);
    } finally {
      await kv.close();
    }
  });

  it('are free again at once when one stops, and the others never notice', async () => {
    await using folder = await stateFolder();
    const kv = await openKv({ folder: join(folder.path, 'kv') });
    try {
      const clock = { nowMs: 1_000_000 };
      const leases = streamLeases(kv, { nowMs: () => clock.nowMs });
      const first = await leases.take('account', who('first'), { streamsMax: 2 });
      const second = await leases.take('account', who('second'), { streamsMax: 2 });
      assert.ok(first.kind === 'leased' && second.kind === 'leased');
      assert.equal((await leases.take('account', who('third'), { streamsMax: 2 })).kind, 'full');
      assert.equal((await leases.take('another', who('third'), { streamsMax: 2 })).kind, 'leased');
      await leases.free('account', 'first');
      assert.equal((await leases.take('account', who('third'), { streamsMax: 2 })).kind, 'leased');
      assert.equal(await leases.renew('account', { sessionId: 'first', fence: first.fence }), 'lost');
      assert.equal(await leases.renew('account', { sessionId: 'second', fence: second.fence }), 'renewed');
      clock.nowMs += 2 * STREAM_LEASE_MS;
      assert.deepEqual(await leases.list('account'), []);
    } finally {
      await kv.close();
    }
  });

  it('fail with the store, and go on with it', async () => {
    await using folder = await stateFolder();
    const kv = await openKv({ folder: join(folder.path, 'kv') });
    let broken = true;
    const registers = {
      ...kv.registers,
      read: (...given: Parameters<typeof kv.registers.read>) =>
        broken ? Promise.reject(new Error('the store is away')) : kv.registers.read(...given),
    };
    try {
      const leases = streamLeases({ registers }, { nowMs: Date.now });
      const attempts = ['a', 'b', 'c'].map((session) => leases.take('account', who(session), { streamsMax: 2 }));
      for (const attempt of attempts) await assert.rejects(attempt, /the store is away/);
      broken = false;
      assert.equal((await leases.take('account', who('a'), { streamsMax: 2 })).kind, 'leased');
    } finally {
      await kv.close();
    }
  });
});
