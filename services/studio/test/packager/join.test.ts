import assert from 'node:assert/strict';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { boxesIn } from '../../src/packager/boxes.ts';
import { packageTrack, type PackagingFaultCode, type SegmentGrid } from '../../src/packager/index.ts';
import { openPiece } from '../../src/packager/piece.ts';
import { madePictures, writeMadePiece } from './made-piece.ts';
import { scratchFolder } from './scratch.ts';

const GRID: SegmentGrid = { frameRate: { numerator: 25, denominator: 1 }, framesPerSegment: 20 };
const VIDEO = { kind: 'video', timescale: 25_000 } as const;
const AUDIO = { kind: 'audio', timescale: 48_000 } as const;
const pictures = (count: number, gop = 10): ReturnType<typeof madePictures> =>
  madePictures({ count, gop, ticks: 1000, bytes: (index) => 100 + (index % 7) });

describe('packaging a track', () => {
  it('writes header, index and one moof with its mdat for each segment, and nothing else', async () => {
    await using folder = await scratchFolder();
    const out = join(folder.path, 'out.mp4');
    const track = await packageTrack({ pieces: [await writeMadePiece(join(folder.path, 'a'), VIDEO, pictures(60))], out, grid: GRID });
    const bytes = await readFile(out);
    assert.deepEqual(
      boxesIn(bytes).map((box) => box.type),
      ['ftyp', 'moov', 'sidx', 'moof', 'mdat', 'moof', 'mdat', 'moof', 'mdat'],
    );
    assert.equal(
      track.initBytes + track.indexBytes + track.segmentBytes.reduce((sum, segment) => sum + segment, 0),
      bytes.length,
      'the parts add up to the file',
    );
    assert.equal(track.bytes, bytes.length);
    assert.deepEqual(await readdir(folder.path), ['a', 'out.mp4'], 'no partial file is left');
  });

  it('keeps every sample in order with a timeline that runs on across pieces', async () => {
    await using folder = await scratchFolder();
    const out = join(folder.path, 'out.mp4');
    const pieces = [
      await writeMadePiece(join(folder.path, 'a'), VIDEO, pictures(40)),
      await writeMadePiece(join(folder.path, 'b'), VIDEO, pictures(20)),
      await writeMadePiece(join(folder.path, 'c'), VIDEO, pictures(13)),
    ];
    await packageTrack({ pieces, out, grid: GRID });
    await using joined = await openPiece(out);
    const read: { time: number; fill: number | undefined; bytes: number }[] = [];
    for await (const { decodeTime, samples } of joined.fragments()) {
      let time = decodeTime;
      for (const sample of samples) {
        read.push({ time, fill: (await joined.read(sample.offset, sample.bytes))[0], bytes: sample.bytes });
        time += sample.duration;
      }
    }
    const expected = [...Array(40).keys(), ...Array(20).keys(), ...Array(13).keys()].map((index, at) => ({
      time: at * 1000,
      fill: index,
      bytes: 100 + (index % 7),
    }));
    assert.deepEqual(read, expected);
  });

  it('gives the same bytes whatever the fragments of its pieces were', async () => {
    await using folder = await scratchFolder();
    const whole = await writeMadePiece(join(folder.path, 'whole'), VIDEO, [pictures(60).flat()]);
    const small = await writeMadePiece(
      join(folder.path, 'small'),
      VIDEO,
      pictures(60)
        .flat()
        .map((sample) => [sample]),
    );
    const one = await packageTrack({ pieces: [whole], out: join(folder.path, '1'), grid: GRID });
    const other = await packageTrack({ pieces: [small], out: join(folder.path, '2'), grid: GRID });
    assert.equal(one.sha256, other.sha256);
    assert.deepEqual(await readFile(join(folder.path, '1')), await readFile(join(folder.path, '2')));
  });

  it('leaves out edit lists and durations, which would shift or tell apart equal tracks', async () => {
    await using folder = await scratchFolder();
    const out = join(folder.path, 'out.mp4');
    const track = await packageTrack({ pieces: [await writeMadePiece(join(folder.path, 'a'), VIDEO, pictures(20))], out, grid: GRID });
    const init = (await readFile(out)).subarray(0, track.initBytes);
    assert.equal(init.includes('elst'), false);
    assert.equal(init.includes(Buffer.from([0, 0, 0x1e, 0x61])), false, 'the duration of tkhd');
    assert.equal(init.includes(Buffer.from([0, 0, 0x27, 0x0f])), false, 'the duration of mvhd');
    assert.match(init.toString('latin1'), /^....ftypiso6....iso6cmfcdash/s);
  });

  it('joins a tail shorter than half a segment to the segment before it', async () => {
    await using folder = await scratchFolder();
    const at = async (count: number): Promise<readonly number[]> => {
      const piece = await writeMadePiece(join(folder.path, 'piece'), VIDEO, pictures(count));
      const { segmentDurations } = await packageTrack({ pieces: [piece], out: join(folder.path, 'out'), grid: GRID });
      return segmentDurations.map((ticks) => ticks / 1000);
    };
    assert.deepEqual(await at(49), [20, 29]);
    assert.deepEqual(await at(50), [20, 20, 10]);
    assert.deepEqual(await at(3), [3]);
  });

  it('cuts sound at the frame nearest to the cuts of its picture, and ends its cuts where the picture does', async () => {
    await using folder = await scratchFolder();
    const frames = Array.from({ length: 200 }, () => [{ bytes: 300, duration: 1024 }]);
    const piece = await writeMadePiece(join(folder.path, 'a'), AUDIO, frames);
    const free = await packageTrack({ pieces: [piece], out: join(folder.path, 'free'), grid: GRID });
    let time = 0;
    free.segmentDurations.slice(0, -1).forEach((ticks, index) => {
      time += ticks;
      assert.ok(Math.abs(time - (index + 1) * 38_400) <= 512, `cut ${index + 1} is at ${time}`);
    });
    const following = await packageTrack({ pieces: [piece], out: join(folder.path, 'following'), grid: { ...GRID, frames: 49 } });
    assert.equal(following.segmentDurations.length, 2);
    assert.equal(
      following.segmentDurations.reduce((sum, ticks) => sum + ticks, 0),
      200 * 1024,
      'no sound is lost',
    );
  });

  it('keeps sound frames of unequal length', async () => {
    await using folder = await scratchFolder();
    const frames = Array.from({ length: 20 }, (_, index) => [{ bytes: 300, duration: index === 19 ? 100 : 1024 }]);
    const out = join(folder.path, 'out');
    const track = await packageTrack({ pieces: [await writeMadePiece(join(folder.path, 'a'), AUDIO, frames)], out, grid: GRID });
    assert.equal(
      track.segmentDurations.reduce((sum, ticks) => sum + ticks, 0),
      19 * 1024 + 100,
    );
    await using written = await openPiece(out);
    const durations: number[] = [];
    for await (const { samples } of written.fragments()) durations.push(...samples.map((sample) => sample.duration));
    assert.deepEqual(durations, [...Array<number>(19).fill(1024), 100]);
  });
});

describe('pieces that do not fit', () => {
  const refusedWith = async (
    code: PackagingFaultCode,
    message: RegExp,
    make: (folder: string) => Promise<string[]>,
    grid = GRID,
  ): Promise<void> => {
    await using folder = await scratchFolder();
    const pieces = await make(folder.path);
    const before = await readdir(folder.path);
    const out = join(folder.path, 'out.mp4');
    await assert.rejects(packageTrack({ pieces, out, grid }), (fault: Error & { code?: string }) => {
      assert.equal(fault.code, code, fault.message);
      assert.match(fault.message, message);
      return true;
    });
    assert.deepEqual(await readdir(folder.path), before, 'nothing is left behind');
  };

  it('are refused when they were encoded differently', () =>
    refusedWith('PACKAGE_PIECES_DIFFER', /ftyp and moov differ/, async (folder) => [
      await writeMadePiece(join(folder, 'a'), VIDEO, pictures(20)),
      await writeMadePiece(join(folder, 'b'), { ...VIDEO, timescale: 50_000 }, pictures(20)),
    ]));

  it('are refused when a segment does not begin with a key frame', () =>
    refusedWith('PACKAGE_OFF_GRID', /frame 20 begins a segment but is no key frame/, async (folder) => [
      await writeMadePiece(join(folder, 'a'), VIDEO, pictures(60, 30)),
    ]));

  it('are refused when a frame lasts longer than the grid says', () =>
    refusedWith('PACKAGE_OFF_GRID', /frame 10 lasts 1001 ticks/, async (folder) => {
      const frames = pictures(20);
      const late = frames[1]?.[0];
      assert.ok(late !== undefined);
      late.duration = 1001;
      return [await writeMadePiece(join(folder, 'a'), VIDEO, frames)];
    }));

  it('are refused when a frame is shown after its segment', () =>
    refusedWith('PACKAGE_OFF_GRID', /open GOP or positive offsets/, async (folder) => {
      const frames = pictures(20);
      const last = frames[1]?.[9];
      assert.ok(last !== undefined);
      last.composition = 1000;
      return [await writeMadePiece(join(folder, 'a'), VIDEO, frames)];
    }));

  it('are refused when they hold fewer frames than the picture has', () =>
    refusedWith(
      'PACKAGE_OFF_GRID',
      /20 frames; the grid wants 21/,
      async (folder) => [await writeMadePiece(join(folder, 'a'), VIDEO, pictures(20))],
      { ...GRID, frames: 21 },
    ));

  it('are refused when one is empty, text, or cut short', async () => {
    const whole = async (folder: string): Promise<Buffer> => readFile(await writeMadePiece(join(folder, 'a'), VIDEO, pictures(20)));
    const cut =
      (keep: (bytes: Buffer) => Buffer) =>
      async (folder: string): Promise<string[]> => {
        await writeFile(join(folder, 'b'), keep(await whole(folder)));
        return [join(folder, 'b')];
      };
    await refusedWith(
      'PACKAGE_MALFORMED',
      /ends in the middle/,
      cut(() => Buffer.alloc(0)),
    );
    await refusedWith(
      'PACKAGE_MALFORMED',
      /claims/,
      cut(() => Buffer.from('not a film at all, but a letter')),
    );
    await refusedWith(
      'PACKAGE_MALFORMED',
      /claims/,
      cut((bytes) => bytes.subarray(0, bytes.length - 1)),
    );
    await refusedWith(
      'PACKAGE_UNSUPPORTED',
      /hold no samples/,
      cut((bytes) => bytes.subarray(0, bytes.indexOf('moof') - 4)),
    );
  });

  it('leave an earlier output as it was', async () => {
    await using folder = await scratchFolder();
    const out = join(folder.path, 'out.mp4');
    await writeFile(out, 'earlier');
    const piece = await writeMadePiece(join(folder.path, 'a'), VIDEO, pictures(20, 20));
    await assert.rejects(packageTrack({ pieces: [piece], out, grid: { ...GRID, framesPerSegment: 10 } }));
    assert.equal(await readFile(out, 'utf8'), 'earlier');
  });

  it('stop being read when the work is aborted', async () => {
    await using folder = await scratchFolder();
    const piece = await writeMadePiece(join(folder.path, 'a'), VIDEO, pictures(20));
    const signal = AbortSignal.abort(new Error('cancelled'));
    await assert.rejects(packageTrack({ pieces: [piece], out: join(folder.path, 'out'), grid: GRID, signal }), /cancelled/);
    assert.deepEqual(await readdir(folder.path), ['a']);
  });
});
