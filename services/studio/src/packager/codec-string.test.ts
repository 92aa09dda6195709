import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { boxesIn, words, writeBox, type Box } from './boxes.ts';
import { aacDescription, avcCodecString } from './codec-string.ts';

function box(type: string, ...payload: Uint8Array[]): Box {
  const [only] = boxesIn(writeBox(type, ...payload));
  assert.ok(only !== undefined);
  return only;
}

/** An esds box around an AudioSpecificConfig; long descriptors as ffmpeg writes them, or short ones. */
function esds(config: readonly number[], objectType = 0x40, long = true): Box {
  const descriptor = (tag: number, body: Buffer): Buffer =>
    Buffer.concat([Buffer.from(long ? [tag, 0x80, 0x80, 0x80, body.length] : [tag, body.length]), body]);
  const decoder = Buffer.concat([Buffer.from([objectType, 0x15, 0, 0, 0]), words(1, 1), descriptor(5, Buffer.from(config))]);
  return box('esds', words(0), descriptor(3, Buffer.concat([Buffer.from([0, 1, 0]), descriptor(4, decoder)])));
}

describe('the codec string of a picture', () => {
  it('is profile, constraints and level', () => {
    assert.equal(avcCodecString('avc1', box('avcC', Buffer.from([1, 0x64, 0x00, 0x28]))), 'avc1.640028');
    assert.equal(avcCodecString('avc1', box('avcC', Buffer.from([1, 0x42, 0xc0, 0x0d]))), 'avc1.42c00d');
  });

  it('is not guessed from a box of another version or of too few bytes', () => {
    assert.throws(() => avcCodecString('avc1', box('avcC', Buffer.from([2, 0x64, 0, 0x28]))), /version 2/);
    assert.throws(() => avcCodecString('avc1', box('avcC', Buffer.from([1, 0x64]))), /ends in the middle/);
  });
});

describe('the description of a sound', () => {
  it('tells profile, channels and rate', () => {
    assert.deepEqual(aacDescription(esds([0x11, 0x90])), { codecs: 'mp4a.40.2', channels: 2, sampleRate: 48_000 });
    assert.deepEqual(aacDescription(esds([0x12, 0x08], 0x40, false)), { codecs: 'mp4a.40.2', channels: 1, sampleRate: 44_100 });
    assert.deepEqual(aacDescription(esds([0x11, 0xb0])), { codecs: 'mp4a.40.2', channels: 6, sampleRate: 48_000 });
  });

  it('is refused for other codecs and for damaged descriptors', () => {
    assert.throws(() => aacDescription(esds([0x11, 0x90], 0x6b)), /object type 0x6b/);
    assert.throws(() => aacDescription(esds([])), /ends in the middle/);
    assert.throws(() => aacDescription(box('esds', words(0), Buffer.from([9, 1, 0]))), /descriptor 9 where 3 belongs/);
  });
});
