import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { CRASHES_MAX, givenBack, readiness, retried, taken, threw } from './life.ts';
import { newRecord } from './record.ts';

const fresh = newRecord({ queue: 'q', id: 'film', payload: null, attemptsMax: 3, after: ['a', 'b'] }, 1_000);

describe('the life of a job', () => {
  it('waits longer after each failure, at most a minute, never the same for all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempts, random) => {
        const next = threw({ ...fresh, attempts, attemptsMax: 100 }, 'no', { nowMs: 5_000, random });
        const pauseMs = next.notBeforeMs - 5_000;
        const fullMs = Math.min(60_000, 1_000 * 2 ** (attempts - 1));
        assert.equal(next.state, 'waiting');
        assert.ok(pauseMs >= fullMs / 2 && pauseMs <= fullMs);
      }),
    );
  });

  it('ends after its attempts, with the reason', () => {
    const next = threw({ ...fresh, attempts: 3 }, 'the encoder crashed', { nowMs: 5_000, random: 0 });
    assert.deepEqual([next.state, next.reason, next.endedAtMs], ['failed', 'the encoder crashed', 5_000]);
  });

  it('counts a run that ended without a word apart, and takes a job that kills its process again and again for poison', () => {
    let record = taken(fresh, 0);
    for (let crash = 1; crash < CRASHES_MAX; crash += 1) {
      record = taken(record, crash);
      assert.deepEqual([record.state, record.attempts, record.crashes], ['running', 1, crash]);
    }
    const poison = taken(record, 99);
    assert.deepEqual([poison.state, poison.reason], ['failed', `Its process ended ${CRASHES_MAX} times while it ran.`]);
    assert.deepEqual([retried(poison).crashes, retried(poison).generation], [0, 2]);
  });

  it('does not count a run that was given back', () => {
    assert.equal(givenBack(taken(fresh, 0)).attempts, 0);
  });

  it('is ready when its time has come and all before it are done, and never when one of them failed', () => {
    const kind = (...states: Parameters<typeof readiness>[1]) => readiness(fresh, states, 1_000).kind;
    assert.equal(kind('done', 'done'), 'ready');
    for (const state of ['waiting', 'running', null] as const) assert.equal(kind('done', state), 'later');
    for (const state of ['failed', 'cancelled'] as const) assert.equal(kind('waiting', state), 'never');
    assert.equal(readiness({ ...fresh, notBeforeMs: 1_001 }, ['done', 'done'], 1_000).kind, 'later');
  });
});
