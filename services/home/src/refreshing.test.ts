import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { createTelemetry } from '@bioscope/telemetry';

import { refreshing, type Changed } from './refreshing.ts';

const { log: logger } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
const HOUR_MS = 3_600_000;

/** Notes what is refreshed; each refresh takes until it is let go. */
function noting(everyMs = HOUR_MS) {
  const refreshed: (string[] | 'all')[] = [];
  const waiting: { resolve: () => void; reject: (fault: Error) => void }[] = [];
  const refresh = (changed: Changed): Promise<void> => {
    refreshed.push(changed === 'all' ? 'all' : [...changed]);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const until = async (count: number): Promise<void> => {
    const deadline = Date.now() + 5_000;
    while (refreshed.length < count) {
      assert.ok(Date.now() < deadline, `waited 5 s for refresh ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return { refreshed, until, next: () => waiting.shift(), refresher: refreshing({ refresh, everyMs, logger }) };
}

describe('keeping something fresh', () => {
  it('begins with everything, then takes what is asked for together, also what was asked meanwhile', async () => {
    const { refresher, refreshed, until, next } = noting();
    await until(1);
    refresher.ask(['a']);
    refresher.ask(['b', 'a']);
    next()?.resolve();
    await until(2);
    next()?.resolve();
    await new Promise(setImmediate);
    refresher.ask(['c']);
    refresher.ask('all');
    refresher.ask(['d']);
    await until(3);
    next()?.resolve();
    await refresher.close();
    assert.deepEqual(refreshed, ['all', ['a', 'b'], 'all']);
  });

  it('makes up for a failure with everything', async () => {
    const { refresher, refreshed, until, next } = noting();
    await until(1);
    next()?.resolve();
    await new Promise(setImmediate);
    refresher.ask(['a']);
    await until(2);
    next()?.reject(new Error('gone'));
    await until(3);
    next()?.resolve();
    await refresher.close();
    assert.deepEqual(refreshed, ['all', ['a'], 'all']);
  });

  it('refreshes everything now and then, and ends when it is closed', async () => {
    const { refresher, refreshed, until, next } = noting(10);
    for (const count of [1, 2, 3]) {
      await until(count);
      if (count < 3) next()?.resolve();
    }
    const closed = refresher.close();
    next()?.resolve();
    await closed;
    assert.deepEqual(refreshed, ['all', 'all', 'all']);
  });
});
