import { join } from 'node:path';

import { openPiece } from '../packager/piece.ts';
import { refusedFault } from './fault.ts';
import { exists, moveIntoPlace, partialPath, removeFiles } from './finished-file.ts';
import { inputFile, inputOptions } from './input.ts';
import type { LadderRung } from './ladder.ts';
import { encodeLimits, MEDIA_LIMITS } from './limits.ts';
import { pictureGraph } from './picture-filters.ts';
import type { ChunkPlan, EncodePlan, RungGroup } from './plan.ts';
import { frameUs } from './plan.ts';
import { framesPerSecond } from './rates.ts';
import { runEncoder } from './run-encoder.ts';

/** A finished piece: fragmented MP4 that begins with a key frame at time 0 and has exactly the chunk's frames. */
export type EncodedPiece = { readonly rung: string; readonly file: string; readonly frames: number };

export type EncodeChunkRequest = {
  /** Path of the source file. */
  readonly source: string;
  readonly plan: EncodePlan;
  readonly group: RungGroup;
  readonly chunk: ChunkPlan;
  /** Exists; gets one file for each rung, named by rung and chunk. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  /** 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Threads for each encoder; default: as many as it likes. */
  readonly threads?: number;
};

/**
 * Encodes one chunk for all rungs of a group with one ffmpeg: decoded once. Idempotent: pieces that are there and whole are answered without encoding;
 * a piece is in its place only when it is whole and durable. Rejects with `MediaFault`.
 */
export async function encodeChunk(request: EncodeChunkRequest): Promise<readonly EncodedPiece[]> {
  const { plan, group, chunk } = request;
  const rungs = plan.rungs.filter(({ name }) => group.rungs.includes(name));
  const pieces = rungs.map((rung) => ({ rung, path: join(request.folder, `${rung.name}-${String(chunk.index).padStart(5, '0')}.mp4`) }));
  const answer = pieces.map(({ rung, path }) => ({ rung: rung.name, file: path, frames: chunk.frames }));
  if ((await Promise.all(pieces.map(({ path }) => exists(path)))).every(Boolean)) return answer;
  const partials = pieces.map(({ path }) => partialPath(path));
  try {
    await runEncoder({
      args: commandLine(request, rungs, partials),
      limits: encodeLimits(chunkSeconds(request)),
      frames: chunk.frames,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    });
    for (const partial of partials) await checkFrames(partial, chunk, plan);
    for (const { path } of pieces) await moveIntoPlace(partialPath(path), path);
    return answer;
  } catch (fault) {
    await removeFiles(partials);
    throw fault;
  }
}

/** What has to be decoded, from the key frame on. */
function chunkSeconds({ plan, chunk }: EncodeChunkRequest): number {
  const endUs = frameUs(chunk.firstFrame + chunk.frames, plan.frameRate);
  return (endUs - (chunk.seekUs ?? 0)) / 1e6;
}

function commandLine(request: EncodeChunkRequest, rungs: readonly LadderRung[], files: readonly string[]): readonly string[] {
  const { plan, chunk, threads } = request;
  const outputs = rungs.map(({ width, height }, index) => ({ label: `v${index}`, width, height }));
  return [
    ...(threads === undefined ? [] : ['-threads', String(threads)]),
    [
      ...seek(plan, chunk),
      ...cheapDecode(plan, rungs),
      '-noautorotate',
      ...inputOptions(plan.container, MEDIA_LIMITS),
      '-i',
      inputFile(request.source),
    ],
    ['-filter_complex', pictureGraph(plan, chunk, outputs)],
    ...rungs.flatMap((rung, index) =>
      [
        ['-map', `[v${index}]`],
        ...(threads === undefined ? [] : ['-threads', String(threads)]),
        ...encoder(plan, rung),
        ...fragmented(plan),
        files[index] === undefined ? '' : inputFile(files[index]),
      ].flat(),
    ),
  ].flat();
}

/**
 * Begins at the key frame before the chunk; the filters cut exactly. The time is the file's own, not counted from its first packet, so that it is
 * the time that inspection saw. Containers without an index land near the time only: some seconds earlier is asked for.
 */
function seek(plan: EncodePlan, chunk: ChunkPlan): readonly string[] {
  if (chunk.seekUs === null) return ['-copyts'];
  const { startTicks, timeBase } = plan.video;
  const startSeconds = (startTicks * timeBase.numerator) / timeBase.denominator;
  const indexed = plan.container === 'mov' || plan.container === 'matroska';
  const seconds = startSeconds + chunk.seekUs / 1e6 - (indexed ? 0 : UNINDEXED_LEAD_SECONDS);
  return ['-copyts', '-noaccurate_seek', '-seek_timestamp', '1', '-ss', seconds.toFixed(6)];
}
const UNINDEXED_LEAD_SECONDS = 3;

/**
 * Where the largest picture wanted has at most a quarter of the source's pixels, the decoder need not smooth the block edges of pictures that no
 * other picture is built on: scaling down does away with them.
 */
function cheapDecode({ video }: EncodePlan, rungs: readonly LadderRung[]): readonly string[] {
  const largest = Math.max(...rungs.map(({ width, height }) => width * height));
  return largest * 4 <= video.width * video.height ? ['-skip_loop_filter', 'noref'] : [];
}

/** The settings of every rung, shared with the bench's peer. */
export function encoder(plan: EncodePlan, rung: LadderRung): readonly string[] {
  return [
    ['-c:v', 'libx264', '-preset', plan.preset, '-profile:v', 'high', '-level:v', rung.level, '-pix_fmt', 'yuv420p'],
    ['-crf', String(plan.crf), '-maxrate', `${rung.maxKbps}k`, '-bufsize', `${rung.bufferKbits}k`],
    ['-g', String(plan.gopFrames), '-keyint_min', String(plan.gopFrames), '-sc_threshold', '0'],
    ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
  ].flat();
}

/** One fragment for each GOP; nothing in it that differs from run to run, or that tells of the source. */
function fragmented(plan: EncodePlan): readonly string[] {
  return [
    ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-write_tmcd', '0'],
    ['-video_track_timescale', String(plan.timescale)],
    ['-movflags', '+frag_keyframe+empty_moov+default_base_moof+negative_cts_offsets', '-f', 'mp4', '-y'],
  ].flat();
}

async function checkFrames(file: string, chunk: ChunkPlan, plan: EncodePlan): Promise<void> {
  let frames = 0;
  await using piece = await openPiece(file);
  for await (const fragment of piece.fragments()) frames += fragment.samples.length;
  if (frames === chunk.frames) return;
  const seconds = (chunk.firstFrame + frames) / framesPerSecond(plan.frameRate);
  throw refusedFault({
    code: 'broken',
    message: `The film cannot be decoded beyond ${seconds.toFixed(1)} s: the file is damaged there. Copy or export it again.`,
  });
}
