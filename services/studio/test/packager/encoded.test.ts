import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';

import { packageTrack, proveGrid, type PackagedTrack, type SegmentGrid } from '../../src/packager/index.ts';
import { scratchFolder } from './scratch.ts';
import { decodeWithFfprobe, frameHashes, readWithMp4box, type ReadTrack } from './second-parsers.ts';

const run = promisify(execFile);
const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0 && spawnSync('ffprobe', ['-version']).status === 0;

/** NTSC rate: a frame is 1001 ticks, a segment 96 frames, just over 4 s. */
const GRID: SegmentGrid = { frameRate: { numerator: 24_000, denominator: 1001 }, framesPerSegment: 96, frames: 250 };
const FRAMES = 250;
const CHUNK_FRAMES = 96;

describe('tracks from a real encoder', { skip: hasFfmpeg ? false : 'ffmpeg and ffprobe are not installed' }, () => {
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  const at = (name: string): string => join(scratch.path, name);
  let joined: PackagedTrack;
  let read: ReadTrack;

  before(async () => {
    scratch = await scratchFolder();
    for (const height of [90, 180]) {
      for (let first = 0; first < FRAMES; first += CHUNK_FRAMES)
        await encode(at(`${height}-${first}.mp4`), height, first, Math.min(FRAMES, first + CHUNK_FRAMES));
    }
    await encode(at('one-pass.mp4'), 180, 0, FRAMES);
    joined = await packageTrack({ pieces: chunks(180), out: at('180.mp4'), grid: GRID });
    read = await readWithMp4box(at('180.mp4'));
  });
  after(() => scratch[Symbol.asyncDispose]());
  const chunks = (height: number): string[] => [0, 96, 192].map((first) => at(`${height}-${first}.mp4`));

  it('are read by a second parser as they are described', () => {
    assert.equal(read.codec, joined.codecs);
    assert.equal(read.timescale, joined.timescale);
    assert.deepEqual([...new Set(read.brands)], ['iso6', 'cmfc', 'dash']);
    assert.deepEqual(read.boxes, ['ftyp', 'moov', 'sidx', ...joined.segmentBytes.flatMap(() => ['moof', 'mdat'])]);
    assert.deepEqual(
      read.index,
      joined.segmentBytes.map((bytes, index) => ({ bytes, duration: joined.segmentDurations[index], startsWithSync: true })),
    );
    assert.ok(joined.kind === 'video' && joined.width === 320 && joined.height === 180);
  });

  it('have every frame once, on the grid, each segment beginning with a key frame shown first', () => {
    assert.equal(read.samples.length, FRAMES);
    read.samples.forEach((sample, index) => assert.equal(sample.dts, index * 1001));
    const shown = read.samples.map((sample) => sample.cts).sort((one, other) => one - other);
    assert.deepEqual(
      shown,
      Array.from({ length: FRAMES }, (_, index) => index * 1001),
    );
    assert.ok(
      read.samples.some((sample) => sample.cts !== sample.dts),
      'the encoder made B-frames',
    );
    for (let index = 0; index < FRAMES; index += 96)
      assert.ok(read.samples[index]?.sync === true && read.samples[index]?.cts === index * 1001);
  });

  it('decode without a complaint to the frames of their chunks, one after another', async () => {
    assert.deepEqual(await decodeWithFfprobe(at('180.mp4')), { frames: FRAMES, complaints: '' });
    const expected: string[] = [];
    for (const chunk of chunks(180)) expected.push(...(await frameHashes(chunk)));
    assert.deepEqual(await frameHashes(at('180.mp4')), expected);
  });

  it('have the frames and times of an encode in one pass', async () => {
    const whole = await packageTrack({ pieces: [at('one-pass.mp4')], out: at('whole.mp4'), grid: GRID });
    assert.deepEqual(whole.segmentDurations, joined.segmentDurations);
    const times = (track: ReadTrack): number[] => track.samples.map((sample) => sample.dts);
    assert.deepEqual(times(await readWithMp4box(at('whole.mp4'))), times(read));
  });

  it('are the same bytes every time', async () => {
    const again = await packageTrack({ pieces: chunks(180), out: at('again.mp4'), grid: GRID });
    assert.equal(again.sha256, joined.sha256);
    assert.deepEqual(await readFile(at('again.mp4')), await readFile(at('180.mp4')));
  });

  it('state a bandwidth that no stretch of about a segment exceeds', () => {
    const perSegment = read.index.map(({ bytes, duration }) => (bytes * 8 * read.timescale) / duration);
    assert.equal(joined.bandwidth, Math.ceil(Math.max(...perSegment)));
    const bits = read.samples.reduce((sum, sample) => sum + sample.bytes * 8, 0);
    const seconds = (FRAMES * 1001) / 24_000;
    assert.ok(joined.averageBandwidth >= bits / seconds && joined.averageBandwidth <= joined.bandwidth);
  });

  it('share one grid with the other rungs and with sound in either fragmentation', async () => {
    const low = await packageTrack({ pieces: chunks(90), out: at('90.mp4'), grid: GRID });
    const sounds: PackagedTrack[] = [];
    for (const [name, fragmentation] of Object.entries({ whole: [], small: ['-frag_duration', '300000'] })) {
      await encodeSound(at(`${name}.m4a`), fragmentation);
      sounds.push(await packageTrack({ pieces: [at(`${name}.m4a`)], out: at(`${name}.mp4`), grid: GRID }));
    }
    const [whole, small] = sounds;
    assert.ok(whole?.kind === 'audio' && whole.codecs === 'mp4a.40.2' && whole.channels === 2 && whole.sampleRate === 44_100);
    assert.equal(whole.sha256, small?.sha256, 'the fragments of the encoder leave no trace');
    const proof = proveGrid([low, joined, ...sounds]);
    assert.equal(proof.segments, 3);
    assert.ok(proof.audioSkewMsMax <= 1024 / 44.1);
    const { frames, complaints } = await decodeWithFfprobe(at('whole.mp4'));
    assert.deepEqual({ frames, complaints }, { frames: whole.samples, complaints: '' });
  });
});

async function encode(out: string, height: number, from: number, to: number): Promise<void> {
  const source = `testsrc2=size=${(height * 16) / 9}x${height}:rate=24000/1001`;
  await run(
    'nice',
    [
      ['-n', '10', 'ffmpeg', '-v', 'error', '-y', '-f', 'lavfi', '-i', source],
      ['-vf', `trim=start_frame=${from}:end_frame=${to},setpts=PTS-STARTPTS`, '-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2'],
      ['-g', '48', '-keyint_min', '48', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-video_track_timescale', '24000'],
      ['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact'],
      ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets', '-f', 'mp4', out],
    ].flat(),
  );
}

async function encodeSound(out: string, fragmentation: readonly string[]): Promise<void> {
  await run(
    'nice',
    [
      ['-n', '10', 'ffmpeg', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'sine=sample_rate=44100:duration=10.427', '-ac', '2'],
      ['-c:a', 'aac', '-map_metadata', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact'],
      ['-movflags', '+frag_keyframe+empty_moov+default_base_moof', ...fragmentation, '-f', 'mp4', out],
    ].flat(),
  );
}
