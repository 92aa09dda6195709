import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { openKv } from '@bioscope/kv/sqlite';
import { createTelemetry } from '@bioscope/telemetry';

import { wakeups, type Wakeups } from '../src/wakeups.ts';
import { stateFolder, until } from './running-billing.ts';

const { log } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });

describe('wakeups', () => {
  it('come when they are due and not before, once, also after a restart', async () => {
    await using folder = await stateFolder();
    let wallMs = 1_000_000;
    const woken: string[] = [];
    const wake = async (accountId: string): Promise<void> => void woken.push(accountId);
    {
      await using kv = disposable(await openKv({ folder: join(folder.path, 'kv') }));
      await using waking = closing(wakeups({ kv: kv.store, nowMs: () => wallMs, holder: 'one', wake, log }));
      await waking.made.at('now', wallMs);
      await waking.made.at('later', wallMs + 5_000);
      await until('the first is woken', () => woken.length > 0);
    }
    await using kv = disposable(await openKv({ folder: join(folder.path, 'kv') }));
    await using waking = closing(wakeups({ kv: kv.store, nowMs: () => wallMs, holder: 'one', wake, log }));
    await waking.made.at('soon', wallMs + 1);
    wallMs += 4_999;
    await until('the second is woken', () => woken.includes('soon'));
    assert.deepEqual(woken, ['now', 'soon']);
    wallMs += 1;
    await until('the third is woken', () => woken.includes('later'));
    assert.deepEqual(woken, ['now', 'soon', 'later']);
  });

  it('come again, later and later, while what they are for fails', async () => {
    await using folder = await stateFolder();
    let wallMs = 1_000_000;
    const atMs: number[] = [];
    const wake = async (): Promise<void> => {
      atMs.push(wallMs);
      if (atMs.length < 4) throw new Error('not yet');
    };
    await using kv = disposable(await openKv({ folder: join(folder.path, 'kv') }));
    await using waking = closing(wakeups({ kv: kv.store, nowMs: () => wallMs, holder: 'one', wake, log }));
    await waking.made.at('a', wallMs);
    await until('it succeeds', () => {
      // Time passes as fast as it is looked at.
      if (atMs.length > 0) wallMs += 50;
      return atMs.length === 4;
    });
    const pauses = atMs.slice(1).map((ms, at) => ms - (atMs[at] ?? 0));
    assert.ok(
      pauses.every((pauseMs, at) => pauseMs >= 2_000 * 2 ** at),
      String(pauses),
    );
  });

  it('that are written again for the same moment while they are being followed are not lost', async () => {
    await using folder = await stateFolder();
    let times = 0;
    await using kv = disposable(await openKv({ folder: join(folder.path, 'kv') }));
    const made: { waking?: Wakeups } = {};
    const wake = async (): Promise<void> => {
      times += 1;
      if (times === 1) await made.waking?.at('a', 1_000_000);
    };
    await using waking = closing(wakeups({ kv: kv.store, nowMs: () => 1_000_000, holder: 'one', wake, log }));
    made.waking = waking.made;
    await waking.made.at('a', 1_000_000);
    await until('it is woken for the second', () => times === 2);
  });
});

function disposable<T extends { close(): Promise<void> }>(store: T): { readonly store: T } & AsyncDisposable {
  return { store, [Symbol.asyncDispose]: () => store.close() };
}

function closing(made: Wakeups): { readonly made: Wakeups } & AsyncDisposable {
  return { made, [Symbol.asyncDispose]: () => made.close() };
}
