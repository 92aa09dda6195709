import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { madeJpeg } from '../../test/made-edition.ts';
import { JPEG_BYTES_MAX, readJpeg } from './jpeg.ts';

describe('reading the size of a JPEG picture', () => {
  it('finds it behind other headers', () => {
    assert.deepEqual(readJpeg(madeJpeg(600, 900)), { kind: 'jpeg', width: 600, height: 900 });
  });

  it('refuses what is too large, cut short, or something else', () => {
    const because = (bytes: Uint8Array): string => {
      const verdict = readJpeg(bytes);
      return verdict.kind === 'refused' ? verdict.because : 'taken';
    };
    assert.match(because(new Uint8Array(JPEG_BYTES_MAX + 1)), /at most 2097152/);
    assert.match(because(madeJpeg(5000, 900)), /5000x900/);
    assert.match(because(madeJpeg(600, 900).subarray(0, -2)), /end marker/);
    assert.match(because(madeJpeg(600, 900).subarray(0, 12)), /cut short/);
    assert.match(because(Buffer.from('<svg/>')), /does not begin/);
  });

  it('ends with a verdict on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isBegun) => {
        const picture = isBegun ? Uint8Array.from([0xff, 0xd8, ...bytes]) : bytes;
        assert.ok(['jpeg', 'refused'].includes(readJpeg(picture).kind));
      }),
    );
  });
});
