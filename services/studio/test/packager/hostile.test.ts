import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { words, writeBox } from '../../src/packager/boxes.ts';
import { packageTrack, PackagingFault, type SegmentGrid } from '../../src/packager/index.ts';
import { madeMoov, madePictures, madePiece } from './made-piece.ts';
import { scratchFolder } from './scratch.ts';

const GRID: SegmentGrid = { frameRate: { numerator: 25, denominator: 1 }, framesPerSegment: 20 };
const VIDEO = { kind: 'video', timescale: 25_000 } as const;
const HEAD = Buffer.concat([writeBox('ftyp', Buffer.from('isom'), words(0)), madeMoov(VIDEO)]);
const isAll = process.env['BIOSCOPE_TEST_ALL'] === '1';
const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Date.now() % 1_000_000);

/** Answers "packaged" for a track that packaging stands by, or the code of a fault of ours; never another error, and nothing left behind. */
async function survives(bytes: Buffer): Promise<string> {
  await using folder = await scratchFolder();
  const piece = join(folder.path, 'piece');
  await writeFile(piece, bytes);
  try {
    const track = await packageTrack({ pieces: [piece], out: join(folder.path, 'out'), grid: GRID });
    assert.equal(
      track.segmentBytes.reduce((sum, segment) => sum + segment, track.initBytes + track.indexBytes),
      track.bytes,
    );
    return 'packaged';
  } catch (fault) {
    assert.ok(fault instanceof PackagingFault, `not a packaging fault: ${String(fault)}`);
    assert.deepEqual(await readdir(folder.path), ['piece']);
    return fault.code;
  }
}

describe('hostile pieces', () => {
  it(`end in a track or a clear fault, whatever bytes are changed (seed ${seed})`, async () => {
    const original = madePiece(VIDEO, madePictures({ count: 40, gop: 10, ticks: 1000, bytes: () => 40 }));
    const seen = new Set<string>();
    const change = fc.record({ at: fc.nat(original.length - 1), value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255)) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(original.length),
        fc.boolean(),
        async (changes, cut, isCut) => {
          const bytes = Buffer.from(original);
          for (const { at, value } of changes) bytes[at] = value;
          seen.add(await survives(isCut ? bytes.subarray(0, cut) : bytes));
        },
      ),
      { seed, numRuns: isAll ? 5000 : 300 },
    );
    assert.ok(seen.has('packaged') && seen.has('PACKAGE_MALFORMED'), `the changes reach both ends: ${[...seen].join(', ')}`);
  });

  it('cannot make the parser read for ever with boxes of size 0 or 1', async () => {
    assert.equal(await survives(Buffer.concat([HEAD, words(0), Buffer.from('moof')])), 'PACKAGE_MALFORMED');
    assert.equal(await survives(Buffer.concat([HEAD, words(1), Buffer.from('moof'), words(0, 8)])), 'PACKAGE_MALFORMED');
    assert.equal(await survives(Buffer.concat([HEAD, words(1), Buffer.from('moof'), words(0xffff_ffff, 8)])), 'PACKAGE_MALFORMED');
  });

  it('cannot make it reserve memory for samples that are not there', async () => {
    const traf = (trun: Buffer): Buffer =>
      writeBox(
        'moof',
        writeBox('mfhd', words(0, 1)),
        writeBox('traf', writeBox('tfhd', words(0x02_0000, 1)), writeBox('tfdt', words(0, 0)), trun),
      );
    const claimed = traf(writeBox('trun', words(0x201, 0xffff_ffff, 0)));
    assert.equal(await survives(Buffer.concat([HEAD, claimed])), 'PACKAGE_TOO_LARGE');
    const million = traf(writeBox('trun', words(0x201, 1_000_000, 0, 1)));
    assert.equal(await survives(Buffer.concat([HEAD, million])), 'PACKAGE_MALFORMED');
  });

  it('cannot hide a million boxes beside each other', async () => {
    const many = writeBox('moof', Buffer.concat(Array.from({ length: 5000 }, () => writeBox('free'))));
    assert.equal(await survives(Buffer.concat([HEAD, many])), 'PACKAGE_TOO_LARGE');
  });

  it('cannot point outside their media data', async () => {
    const piece = madePiece(VIDEO, [[{ bytes: 10, duration: 1000 }]]);
    const trun = piece.indexOf('trun');
    piece.writeInt32BE(-5000, trun + 12);
    assert.equal(await survives(piece), 'PACKAGE_MALFORMED');
  });
});
