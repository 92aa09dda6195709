import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSegmentIndex } from './segment-index.ts';

type Piece = { readonly bytes: number; readonly ticks: number };

/** Some box, then a `sidx` of one of the two versions. */
function headOf(version: 0 | 1, timescale: number, firstOffset: number, pieces: readonly Piece[]): Buffer {
  const index = Buffer.alloc((version === 0 ? 32 : 40) + 12 * pieces.length);
  index.writeUInt32BE(index.length, 0);
  index.write('sidx', 4, 'latin1');
  index.writeUInt8(version, 8);
  index.writeUInt32BE(timescale, 16);
  if (version === 0) index.writeUInt32BE(firstOffset, 24);
  else index.writeBigUInt64BE(BigInt(firstOffset), 28);
  index.writeUInt16BE(pieces.length, version === 0 ? 30 : 38);
  pieces.forEach(({ bytes, ticks }, piece) => {
    const at = index.length - 12 * (pieces.length - piece);
    index.writeUInt32BE(bytes, at);
    index.writeUInt32BE(ticks, at + 4);
  });
  const other = Buffer.from('\0\0\0\u000cmoov\0\0\0\0', 'latin1');
  return Buffer.concat([other, index]);
}

describe('a segment index', () => {
  it('says where each segment lies and when it is shown', () => {
    const head = headOf(1, 12_800, 8, [
      { bytes: 500, ticks: 25_600 },
      { bytes: 300, ticks: 12_800 },
    ]);
    assert.deepEqual(readSegmentIndex(head), [
      { startMs: 0, endMs: 2_000, firstByte: head.length + 8, bytes: 500 },
      { startMs: 2_000, endMs: 3_000, firstByte: head.length + 508, bytes: 300 },
    ]);
  });

  it('leaves no gap, in bytes or in time, in both versions', () => {
    const piece = fc.record({ bytes: fc.integer({ min: 1, max: 5_000_000 }), ticks: fc.integer({ min: 1, max: 100_000 }) });
    fc.assert(
      fc.property(
        fc.constantFrom<0 | 1>(0, 1),
        fc.integer({ min: 1, max: 90_000 }),
        fc.array(piece, { minLength: 1, maxLength: 50 }),
        (version, timescale, pieces) => {
          const segments = readSegmentIndex(headOf(version, timescale, 0, pieces));
          assert.deepEqual(
            segments.map(({ bytes }) => bytes),
            pieces.map(({ bytes }) => bytes),
          );
          segments.slice(1).forEach((segment, before) => {
            assert.equal(segment.startMs, segments[before]?.endMs);
            assert.equal(segment.firstByte, (segments[before]?.firstByte ?? 0) + (segments[before]?.bytes ?? 0));
          });
        },
      ),
    );
  });

  it('is refused when it is broken, and never read beyond the end', () => {
    const good = headOf(1, 1_000, 0, [
      { bytes: 1, ticks: 1 },
      { bytes: 1, ticks: 1 },
    ]);
    assert.throws(() => readSegmentIndex(headOf(0, 0, 0, [{ bytes: 1, ticks: 1 }])), RangeError);
    assert.throws(() => readSegmentIndex(headOf(0, 1, 0, [{ bytes: 0x8000_0001, ticks: 1 }])), /refers to another/);
    for (let length = 0; length < good.length; length += 1) assert.throws(() => readSegmentIndex(good.subarray(0, length)), RangeError);
  });
});
