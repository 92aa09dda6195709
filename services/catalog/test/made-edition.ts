import { create, type MessageInitShape } from '@bufbuild/protobuf';

import { EditionSchema, type Edition } from '../contract/index.ts';

/** An edition with one rung and one sound that passes every check. */
export function madeEdition(changes: MessageInitShape<typeof EditionSchema> = {}): Edition {
  return create(EditionSchema, {
    id: 'ed1',
    titleId: 'film1',
    durationMs: 8000,
    complete: false,
    video: [
      {
        rung: '240p',
        track: madeTrack('240p.mp4', 'avc1.64000d'),
        width: 426,
        height: 240,
        frameRateNumerator: 24,
        frameRateDenominator: 1,
      },
    ],
    audio: [
      {
        id: 'audio-1',
        track: madeTrack('audio-1.mp4', 'mp4a.40.2'),
        language: 'en',
        label: 'English',
        channels: 2,
        sampleRate: 48_000,
        main: true,
      },
    ],
    files: [madeFile('240p.mp4'), madeFile('audio-1.mp4')],
    ...changes,
  });
}

function madeTrack(
  file: string,
  codecs: string,
): MessageInitShape<typeof EditionSchema>['video'] extends (infer V)[] | undefined
  ? V extends { track?: infer T }
    ? NonNullable<T>
    : never
  : never {
  return {
    file,
    codecs,
    timescale: 24_000,
    initBytes: 700,
    indexBytes: 56,
    bandwidth: 400,
    averageBandwidth: 300,
    segmentBytes: [100, 200],
    segmentDurations: [96_000, 96_000],
  };
}

function madeFile(name: string): { name: string; bytes: number; sha256: string } {
  return { name, bytes: 1056, sha256: 'ab'.repeat(32) };
}

/** A JPEG header with the given size, and an end. */
export function madeJpeg(width: number, height: number, filler = 0): Uint8Array<ArrayBuffer> {
  const header = [
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    4,
    filler,
    0,
    0xff,
    0xc0,
    0,
    11,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    1,
    1,
    0x11,
    0,
  ];
  return Uint8Array.from([...header, 0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);
}
