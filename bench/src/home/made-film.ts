import type { CatalogService } from '@bioscope/catalog/contract';
import type { Client } from '@bioscope/rpc';

type Edition = NonNullable<Parameters<Client<typeof CatalogService>['publishEdition']>[0]['edition']>;

const DURATION_MS = 5_400_000;
const TIMESCALE = 24_000;
const SEGMENTS = 2;
const INIT_BYTES = 700;
const INDEX_BYTES = 56;
const SEGMENT_BYTES = 100;

/** One rung and one sound that pass the catalogue's checks. Nobody fetches a byte of it. */
export function madeEdition(titleId: string): Edition {
  const track = (file: string, codecs: string) => ({
    file,
    codecs,
    timescale: TIMESCALE,
    initBytes: INIT_BYTES,
    indexBytes: INDEX_BYTES,
    bandwidth: 400,
    averageBandwidth: 300,
    segmentBytes: Array.from({ length: SEGMENTS }, () => SEGMENT_BYTES),
    segmentDurations: Array.from({ length: SEGMENTS }, () => (DURATION_MS / 1_000 / SEGMENTS) * TIMESCALE),
  });
  const file = (name: string) => ({ name, bytes: INIT_BYTES + INDEX_BYTES + SEGMENTS * SEGMENT_BYTES, sha256: 'ab'.repeat(32) });
  return {
    id: `edition-of-${titleId}`,
    titleId,
    durationMs: DURATION_MS,
    complete: true,
    video: [
      { rung: '240p', track: track('240p.mp4', 'avc1.64000d'), width: 426, height: 240, frameRateNumerator: 24, frameRateDenominator: 1 },
    ],
    audio: [
      {
        id: 'audio-1',
        track: track('audio-1.mp4', 'mp4a.40.2'),
        language: 'en',
        label: 'English',
        channels: 2,
        sampleRate: 48_000,
        main: true,
      },
    ],
    files: [file('240p.mp4'), file('audio-1.mp4')],
  };
}

/** The headers of a JPEG picture of that size and nothing to see: a comment that tells it from others, a frame header, an end. */
export function madeJpeg(width: number, height: number, comment: number): Uint8Array {
  const start = [0xff, 0xd8];
  const commentHeader = [0xff, 0xfe, 0, 3, comment];
  const frameHeader = [0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 2, 1, 2, 3];
  return Uint8Array.from([...start, ...commentHeader, ...frameHeader, ...scan, 0xff, 0xd9]);
}
