import { parentPort, workerData } from 'node:worker_threads';

import { FilePathSource, Input, MATROSKA, MP4, MPEG_TS, QTFF, WEBM } from 'mediabunny';

import type { SecondOpinion } from './second-parser.ts';

/** Formats that hold all of their data: no playlist, which could lead to other files. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];
const CACHE_BYTES_MAX = 8 * 1024 * 1024;

async function read(path: string): Promise<SecondOpinion> {
  using input = new Input({ source: new FilePathSource(path, { maxCacheSize: CACHE_BYTES_MAX }), formats: FORMATS });
  const video = await input.getVideoTracks();
  const audio = await input.getAudioTracks();
  const first = video[0];
  const duration = (await input.getDurationFromMetadata()) ?? (first === undefined ? null : await first.computeDuration());
  return {
    kind: 'read',
    video: await Promise.all(
      video.map(async (track) => ({
        width: await track.getCodedWidth(),
        height: await track.getCodedHeight(),
        rotation: await track.getRotation(),
      })),
    ),
    audioTracks: audio.length,
    durationSeconds: duration,
  };
}

const opinion = await read(String(workerData)).catch((fault: unknown): SecondOpinion => ({
  kind: 'unreadable',
  because: fault instanceof Error ? fault.message : String(fault),
}));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
parentPort?.postMessage(opinion);
