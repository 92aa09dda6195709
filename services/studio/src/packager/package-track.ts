import { createHash } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

import { bandwidthOf } from './bandwidth.ts';
import { PackagingFault } from './fault.ts';
import type { Sample } from './fragment.ts';
import { segmentTable, type SegmentGrid, type SegmentShape } from './grid.ts';
import { openPiece, type Piece } from './piece.ts';
import { segmentHeadBytes, writeIndex, writeSegmentHead } from './segment-boxes.ts';
import { writeTrackHeader, type TrackHeader } from './track-header.ts';

/** A finished CMAF track file: `ftyp moov sidx (moof mdat)*`. The field names are those of the catalog's TrackFile. */
export type PackagedTrack = TrackFields & (VideoFields | AudioFields);
type TrackFields = {
  readonly codecs: string;
  readonly timescale: number;
  readonly initBytes: number;
  readonly indexBytes: number;
  readonly bandwidth: number;
  readonly averageBandwidth: number;
  readonly segmentBytes: readonly number[];
  readonly segmentDurations: readonly number[];
  /** Of the whole file; sha256 in lower-case hexadecimal. */
  readonly bytes: number;
  readonly sha256: string;
  readonly samples: number;
  readonly durationMs: number;
};
type VideoFields = {
  readonly kind: 'video';
  readonly width: number;
  readonly height: number;
  readonly frameRateNumerator: number;
  readonly frameRateDenominator: number;
};
type AudioFields = { readonly kind: 'audio'; readonly channels: number; readonly sampleRate: number };

/** A day in chunks of a few seconds. */
const PIECES_MAX = 20_000;

/**
 * Joins fragmented MP4 pieces (consecutive chunks of one rung, or of one audio track) into one CMAF track file at `out`, durable and whole
 * when it resolves; `out` is untouched when it rejects. Equal pieces give equal bytes. Rejects with `PackagingFault`, with the errors of
 * node:fs (a full disk), or with the signal's reason. Two passes: the index stands before the segments that it measures, and a film does
 * not fit into memory; one segment does.
 */
export async function packageTrack(request: {
  readonly pieces: readonly string[];
  readonly out: string;
  readonly grid: SegmentGrid;
  readonly signal?: AbortSignal;
}): Promise<PackagedTrack> {
  const { pieces, grid } = request;
  if (pieces.length === 0 || pieces.length > PIECES_MAX)
    throw new PackagingFault('PACKAGE_UNSUPPORTED', `${pieces.length} pieces; 1 to ${PIECES_MAX} can be joined`);
  const joined = await measure(pieces, grid, request.signal);
  const partial = `${request.out}.partial`;
  try {
    const track = await writeTrack(partial, pieces, joined, request.signal);
    await rename(partial, request.out);
    await flushFolder(dirname(request.out));
    return { ...track, ...kindFields(joined.header, grid) };
  } catch (fault) {
    await rm(partial, { force: true });
    throw fault;
  }
}

type Joined = { readonly header: TrackHeader; readonly moov: Buffer; readonly segments: readonly SegmentShape[] };

async function measure(paths: readonly string[], grid: SegmentGrid, signal: AbortSignal | undefined): Promise<Joined> {
  await using first = await openPiece(paths[0] ?? '');
  const table = segmentTable(first.header, grid);
  for (const path of paths) {
    await using piece = await openPiece(path);
    if (!piece.head.equals(first.head))
      throw new PackagingFault('PACKAGE_PIECES_DIFFER', `${path} was not encoded like ${first.path}: their ftyp and moov differ`);
    const before = table.nextTime();
    for await (const samples of samplesOf(piece, before, signal)) for (const sample of samples) table.add(sample);
  }
  return { header: first.header, moov: first.moov, segments: table.finish() };
}

/** The fragments' samples, after checking that decode time runs on without a gap inside the piece. */
async function* samplesOf(piece: Piece, joinedTime: number, signal: AbortSignal | undefined): AsyncGenerator<readonly Sample[]> {
  let expected: number | null = null;
  for await (const fragment of piece.fragments()) {
    signal?.throwIfAborted();
    expected ??= fragment.decodeTime === joinedTime ? joinedTime : 0;
    if (fragment.decodeTime !== expected)
      throw new PackagingFault('PACKAGE_OFF_GRID', `${piece.path} has a fragment at ${fragment.decodeTime} where ${expected} was next`);
    expected = fragment.samples.reduce((time, sample) => time + sample.duration, expected);
    yield fragment.samples;
  }
}

async function writeTrack(
  partial: string,
  pieces: readonly string[],
  joined: Joined,
  signal: AbortSignal | undefined,
): Promise<TrackFields> {
  const { header, segments } = joined;
  const { timescale } = header;
  const segmentBytes = segments.map((shape) => segmentHeadBytes({ kind: header.kind, ...shape }) + shape.bytes);
  const segmentDurations = segments.map((shape) => shape.duration);
  const init = writeTrackHeader(joined.moov);
  const index = writeIndex({ trackId: header.trackId, timescale, segmentBytes, segmentDurations });
  await using file = await open(partial, 'w');
  const output = hashingOutput(file);
  await output.write(init);
  await output.write(index);
  for await (const segment of segmentsOf(pieces, joined, signal)) await output.write(segment);
  await file.sync();
  const { peak, average } = bandwidthOf({ timescale, segmentBytes, segmentDurations });
  return {
    codecs: header.codecs,
    timescale,
    initBytes: init.length,
    indexBytes: index.length,
    bandwidth: peak,
    averageBandwidth: average,
    segmentBytes,
    segmentDurations,
    ...output.total(),
    samples: segments.reduce((sum, shape) => sum + shape.samples, 0),
    durationMs: Math.round((segmentDurations.reduce((sum, ticks) => sum + ticks, 0) * 1000) / timescale),
  };
}

/** Second pass: each segment's bytes, head first. One segment is in memory at a time. */
async function* segmentsOf(paths: readonly string[], joined: Joined, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const { header, segments } = joined;
  let sequence = 0;
  let decodeTime = 0;
  let list: Sample[] = [];
  let data: Buffer[] = [];
  for (const path of paths) {
    await using piece = await openPiece(path);
    for await (const { samples } of piece.fragments()) {
      signal?.throwIfAborted();
      let next = 0;
      while (next < samples.length) {
        const shape = segments[sequence];
        if (shape === undefined) throw changed(path);
        const taken = samples.slice(next, next + shape.samples - list.length);
        for (const run of runsOf(taken)) data.push(await piece.read(run.offset, run.bytes));
        list.push(...taken);
        next += taken.length;
        if (list.length < shape.samples) continue;
        sequence += 1;
        const head = writeSegmentHead({ kind: header.kind, ...shape, trackId: header.trackId, sequence, decodeTime, list });
        const segment = Buffer.concat([head, ...data]);
        if (segment.length !== segmentHeadBytes({ kind: header.kind, ...shape }) + shape.bytes) throw changed(path);
        yield segment;
        decodeTime += shape.duration;
        list = [];
        data = [];
      }
    }
  }
  if (sequence !== segments.length) throw changed(paths.at(-1) ?? '');
}

function changed(path: string): PackagingFault {
  return new PackagingFault('PACKAGE_MALFORMED', `${path} changed while it was packaged`);
}

/** Samples that lie one after another in their file are read at once. */
function runsOf(samples: readonly Sample[]): readonly { offset: number; bytes: number }[] {
  const runs: { offset: number; bytes: number }[] = [];
  for (const sample of samples) {
    const run = runs.at(-1);
    if (run !== undefined && run.offset + run.bytes === sample.offset) run.bytes += sample.bytes;
    else runs.push({ offset: sample.offset, bytes: sample.bytes });
  }
  return runs;
}

function hashingOutput(file: FileHandle): { write(bytes: Buffer): Promise<void>; total(): { bytes: number; sha256: string } } {
  const hash = createHash('sha256');
  let total = 0;
  return {
    async write(bytes) {
      hash.update(bytes);
      total += bytes.length;
      await file.writeFile(bytes);
    },
    total: () => ({ bytes: total, sha256: hash.digest('hex') }),
  };
}

function kindFields(header: TrackHeader, grid: SegmentGrid): VideoFields | AudioFields {
  if (header.kind === 'audio') return { kind: 'audio', channels: header.channels, sampleRate: header.sampleRate };
  const { numerator, denominator } = grid.frameRate;
  return { kind: 'video', width: header.width, height: header.height, frameRateNumerator: numerator, frameRateDenominator: denominator };
}

/** Makes a rename in the folder durable. */
async function flushFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r');
  await folder.sync();
}
