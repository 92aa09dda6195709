import { writeFile } from 'node:fs/promises';

import { words, writeBox } from '../../src/packager/boxes.ts';

/** A sample of a piece made by hand; its data is filled with `fill`. */
export type MadeSample = { bytes: number; duration: number; sync?: boolean; composition?: number; fill?: number };
export type MadeTrack = { kind: 'video' | 'audio'; timescale: number };

/** A fragmented MP4 file as an encoder would write it, so that tests need none. One array of samples for each fragment. */
export function madePiece(track: MadeTrack, fragments: readonly (readonly MadeSample[])[]): Buffer {
  let time = 0;
  const body = fragments.map((samples, index) => {
    const written = fragment(index + 1, time, samples);
    time += samples.reduce((sum, sample) => sum + sample.duration, 0);
    return written;
  });
  return Buffer.concat([writeBox('ftyp', Buffer.from('isom'), words(512), Buffer.from('isomiso6mp41')), madeMoov(track), ...body]);
}

export async function writeMadePiece(path: string, track: MadeTrack, fragments: readonly (readonly MadeSample[])[]): Promise<string> {
  await writeFile(path, madePiece(track, fragments));
  return path;
}

/** `count` pictures of one GOP after another, the first of each a key frame, and none shown outside its GOP. */
export function madePictures(options: { count: number; gop: number; ticks: number; bytes: (index: number) => number }): MadeSample[][] {
  const gops: MadeSample[][] = [];
  for (let index = 0; index < options.count; index += 1) {
    if (index % options.gop === 0) gops.push([]);
    gops.at(-1)?.push({ bytes: options.bytes(index), duration: options.ticks, sync: index % options.gop === 0, fill: index & 255 });
  }
  return gops;
}

export function madeMoov({ kind, timescale }: MadeTrack): Buffer {
  const entry = kind === 'video' ? videoEntry() : audioEntry();
  const empty = (type: string): Buffer => writeBox(type, words(0, 0, ...(type === 'stsz' ? [0] : [])));
  const stbl = writeBox('stbl', writeBox('stsd', words(0, 1), entry), empty('stts'), empty('stsc'), empty('stsz'), empty('stco'));
  const mdhd = writeBox('mdhd', words(0, 0, 0, timescale, 0, 0x55c40000));
  const mdia = writeBox('mdia', mdhd, writeBox('minf', stbl));
  const tkhd = writeBox('tkhd', words(3, 0, 0, 1, 0, 7777, ...Array<number>(15).fill(0)));
  const edts = writeBox('edts', writeBox('elst', words(0, 1, 0, 512, 0x10000)));
  const mvhd = writeBox('mvhd', words(0, 0, 0, 1000, 9999, ...Array<number>(20).fill(0)));
  return writeBox('moov', mvhd, writeBox('trak', tkhd, edts, mdia), writeBox('mvex', writeBox('trex', words(0, 1, 1, 0, 0, 0))));
}

function videoEntry(): Buffer {
  const fixed = Buffer.alloc(78);
  fixed.writeUInt16BE(640, 24);
  fixed.writeUInt16BE(360, 26);
  return writeBox('avc1', fixed, writeBox('avcC', Buffer.from([1, 0x64, 0, 0x1e, 0xff, 0xe0, 0])), writeBox('pasp', words(1, 1)));
}

function audioEntry(): Buffer {
  const fixed = Buffer.alloc(28);
  fixed.writeUInt16BE(2, 16);
  const config = Buffer.from([5, 2, 0x11, 0x90]);
  const decoder = Buffer.concat([Buffer.from([4, 13 + config.length, 0x40, 0x15, 0, 0, 0]), words(128_000, 128_000), config]);
  const stream = Buffer.concat([Buffer.from([3, 3 + decoder.length, 0, 1, 0]), decoder]);
  return writeBox('mp4a', fixed, writeBox('esds', words(0), stream));
}

function fragment(sequence: number, decodeTime: number, samples: readonly MadeSample[]): Buffer {
  const rows = samples.flatMap((sample) => [
    sample.duration,
    sample.bytes,
    sample.sync === false ? 0x0101_0000 : 0x0200_0000,
    sample.composition ?? 0,
  ]);
  const moof = (offset: number): Buffer =>
    writeBox(
      'moof',
      writeBox('mfhd', words(0, sequence)),
      writeBox(
        'traf',
        writeBox('tfhd', words(0x02_0000, 1)),
        writeBox('tfdt', words(0x0100_0000, 0, decodeTime)),
        writeBox('trun', words(0x0100_0f01, samples.length, offset, ...rows)),
      ),
    );
  const data = samples.map((sample) => Buffer.alloc(sample.bytes, sample.fill ?? 0));
  return Buffer.concat([moof(moof(0).length + 8), writeBox('mdat', ...data)]);
}
