import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { LogRecord } from './port.ts';
import { afterRejection, afterSuccess, nextBatch, pauseMs, startProgress } from './progress.ts';

const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

function records(from: number, count: number): LogRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    topic: 't',
    partition: 0,
    offset: from + index,
    key: 'k',
    type: 'said',
    value: new Uint8Array(),
    recordedAtMs: 0,
  }));
}

/** Plays a partition through a handler that rejects certain offsets for ever; returns what was accepted and parked, in order. */
function play(
  count: number,
  rejects: ReadonlySet<number>,
  attemptsMax: number,
): { accepted: number[]; parked: number[]; alone: Map<number, number> } {
  let progress = { ...startProgress(1, 0), waiting: records(0, count) };
  const accepted: number[] = [];
  const parked: number[] = [];
  const alone = new Map<number, number>();
  while (progress.waiting.length > 0) {
    const batch = nextBatch(progress);
    if (batch.length === 1) alone.set(batch[0]?.offset ?? -1, (alone.get(batch[0]?.offset ?? -1) ?? 0) + 1);
    if (!batch.some(({ offset }) => rejects.has(offset))) {
      accepted.push(...batch.map(({ offset }) => offset));
      progress = { ...afterSuccess(progress, batch), waiting: [...afterSuccess(progress, batch).waiting] };
      continue;
    }
    const next = afterRejection(progress, batch, attemptsMax, 0);
    if (next.kind === 'park') {
      parked.push(...batch.map(({ offset }) => offset));
      const after = afterSuccess(progress, batch);
      progress = { ...after, waiting: [...after.waiting] };
    } else progress = { ...next.progress, waiting: [...next.progress.waiting] };
  }
  return { accepted, parked, alone };
}

describe('progress in a partition', () => {
  it('hands out the whole batch, and after a rejection one record at a time until the batch is through', () => {
    const start = { ...startProgress(1, 10), waiting: records(10, 3) };
    assert.equal(nextBatch(start).length, 3);
    const rejected = afterRejection(start, nextBatch(start), 5, 1_000);
    assert.ok(rejected.kind === 'again');
    assert.equal(rejected.progress.notBeforeMs, 1_050);
    assert.deepEqual(
      nextBatch(rejected.progress).map(({ offset }) => offset),
      [10],
    );
    const through = afterSuccess({ ...rejected.progress, waiting: records(12, 5) }, records(12, 1));
    assert.equal(through.nextOffset, 13);
    assert.equal(nextBatch(through).length, 4);
  });

  it('tries a single record once and then as often again as asked', () => {
    for (const attemptsMax of [0, 1, 5]) assert.equal(play(1, new Set([0]), attemptsMax).alone.get(0), attemptsMax + 1);
  });

  it('accepts or parks every record exactly once, in order, and parks only what was rejected', (test) => {
    test.diagnostic(`seed ${seed}`);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.uniqueArray(fc.nat(11)), fc.nat(4), (count, rejected, attemptsMax) => {
        const rejects = new Set(rejected.filter((offset) => offset < count));
        const { accepted, parked, alone } = play(count, rejects, attemptsMax);
        assert.deepEqual(
          accepted,
          records(0, count)
            .map(({ offset }) => offset)
            .filter((offset) => !rejects.has(offset)),
        );
        assert.deepEqual(
          parked,
          [...rejects].toSorted((a, b) => a - b),
        );
        for (const offset of parked) {
          const tries = alone.get(offset) ?? 0;
          assert.ok(tries >= Math.max(1, attemptsMax) && tries <= attemptsMax + 1, `${tries} tries of ${attemptsMax}`);
        }
      }),
      { seed },
    );
  });

  it('pauses longer and longer, but never more than ten seconds', () => {
    assert.deepEqual([1, 2, 3, 8, 9, 100].map(pauseMs), [50, 100, 200, 6_400, 10_000, 10_000]);
  });
});
