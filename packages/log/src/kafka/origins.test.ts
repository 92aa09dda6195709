import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createOrigins, withRange } from './origins.ts';

const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

describe('origins', () => {
  it('knows exactly what was added, whatever the order, and one range per stream when it was added in order', (test) => {
    test.diagnostic(`seed ${seed}`);
    fc.assert(
      fc.property(fc.array(fc.nat(100), { maxLength: 100 }), (sequences) => {
        const origins = createOrigins();
        for (const [offset, sequence] of sequences.entries()) origins.add('s', sequence, offset);
        for (let sequence = 0; sequence <= 101; sequence += 1) {
          assert.equal(origins.has('s', sequence), sequences.includes(sequence));
          assert.equal(origins.has('other', sequence), false);
        }
      }),
      { seed },
    );
    const ordered = createOrigins();
    for (let sequence = 1; sequence <= 500; sequence += 1) ordered.add('s', sequence, sequence);
    assert.deepEqual(ordered.takeChanged(), [['s', '500 1-500']]);
  });

  it('is the same after being kept and restored, also when what was kept comes twice and out of order', (test) => {
    test.diagnostic(`seed ${seed}`);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(60)), { maxLength: 80 }), fc.nat(80), (events, cut) => {
        const origins = createOrigins();
        const kept: (readonly [string, string])[] = [];
        events.forEach(([stream, sequence], offset) => {
          origins.add(stream, sequence, offset);
          if (offset === cut) kept.push(...origins.takeChanged());
        });
        kept.push(...origins.takeChanged());
        const again = createOrigins();
        for (const [stream, text] of [...kept.toReversed(), ...kept]) again.restore(stream, text);
        for (const stream of ['a', 'b']) {
          for (let sequence = 0; sequence <= 61; sequence += 1) assert.equal(again.has(stream, sequence), origins.has(stream, sequence));
        }
      }),
      { seed },
    );
  });

  it('forgets streams whose records are gone, and the quietest when there are too many', () => {
    const origins = createOrigins(2);
    origins.add('a', 1, 10);
    origins.add('b', 1, 11);
    origins.add('a', 2, 12);
    origins.add('c', 1, 13);
    assert.deepEqual([origins.has('a', 1), origins.has('b', 1), origins.has('c', 1)], [true, false, true]);
    origins.forgetBefore(13);
    assert.equal(origins.has('a', 1), false);
    assert.equal(origins.streamCount(), 1);
  });

  it('forgets the lowest range first: an event may repeat, none is lost', () => {
    let ranges: ReturnType<typeof withRange> = [];
    for (let index = 0; index < 200; index += 1) ranges = withRange(ranges, [index * 2, index * 2]);
    assert.equal(ranges.length, 128);
    assert.deepEqual(ranges.at(-1), [398, 398]);
    assert.deepEqual(ranges[0], [144, 144]);
  });

  it('takes nothing from what it does not understand', () => {
    const origins = createOrigins();
    for (const text of ['', 'x', '12', '12 a-b', '12 1-']) origins.restore('s', text);
    assert.equal(origins.has('s', 1), false);
  });
});
