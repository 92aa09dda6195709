import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogRecord } from '../port.ts';
import { nextBatch } from '../progress.ts';
import { addFetched, bringUp, createHeld, type Held, isKeepDue, passOver, passRepetitions, wantsMore } from './held.ts';
import { createOrigins } from './origins.ts';

function held(): Held {
  return createHeld(0, 10, createOrigins(), 10);
}

function record(offset: number, sequence?: number, size = 1): LogRecord {
  const plain = { topic: 't', partition: 0, offset, key: 'k', type: 'said', value: new Uint8Array(size), recordedAtMs: 0 };
  return sequence === undefined ? plain : { ...plain, origin: { stream: 's', sequence } };
}

describe('a partition held', () => {
  it('leaves repetitions out, of what was handled and within a batch, and passes over them at the end', () => {
    const one = held();
    one.origins.add('s', 1, 5);
    addFetched(one, [record(10, 1), record(11, 2), record(12), record(13, 2), record(14)], 15);
    assert.equal(bringUp(one), 2);
    const batch = nextBatch(one.progress);
    assert.deepEqual(
      batch.map(({ offset }) => offset),
      [11, 12, 14],
    );
    passOver(one, batch);
    assert.equal(one.progress.nextOffset, 15);
    addFetched(one, [record(15, 2), record(16, 1)], 17);
    assert.equal(bringUp(one), 2);
    assert.deepEqual([nextBatch(one.progress).length, passRepetitions(one), one.progress.nextOffset], [0, true, 17]);
    assert.equal(passRepetitions(one), false);
  });

  it('does not count an event as handled before it is', () => {
    const one = held();
    addFetched(one, [record(10, 1)], 11);
    bringUp(one);
    assert.equal(one.origins.has('s', 1), false);
    assert.equal(one.progress.nextOffset, 10);
    passOver(one, nextBatch(one.progress));
    assert.equal(one.origins.has('s', 1), true);
  });

  it('passes over offsets without records', () => {
    const one = held();
    addFetched(one, [], 12);
    assert.deepEqual([passRepetitions(one), one.progress.nextOffset], [true, 12]);
  });

  it('hands out a hundred at a time, and wants more only while its buffer is small', () => {
    const one = held();
    const many = Array.from({ length: 600 }, (_, index) => record(10 + index));
    addFetched(one, many, 610);
    assert.equal(wantsMore(one), false);
    for (let left = 600; left > 0; left -= 100) {
      bringUp(one);
      assert.equal(nextBatch(one.progress).length, 100);
      passOver(one, nextBatch(one.progress));
    }
    assert.deepEqual([wantsMore(one), one.bufferBytes, one.progress.nextOffset], [true, 0, 610]);
    addFetched(one, [record(610, undefined, 1024 * 1024)], 611);
    assert.equal(wantsMore(one), false);
  });

  it('has its origins kept after so many records, or so many bytes', () => {
    const one = held();
    assert.equal(isKeepDue(one), false);
    passOver(
      one,
      Array.from({ length: 1_000 }, (_, index) => record(10 + index)),
    );
    assert.equal(isKeepDue(one), true);
    const large = held();
    passOver(
      large,
      Array.from({ length: 4 }, (_, index) => record(10 + index, undefined, 1024 * 1024)),
    );
    assert.equal(isKeepDue(large), true);
  });
});
