import { createHash } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { EditionSchema } from '@bioscope/catalog/contract';
import type { EncodePlan, TextPlan } from '../media/index.ts';
import type { PackagedTrack } from '../packager/index.ts';

export type EditionDraft = Exclude<MessageInitShape<typeof EditionSchema>, { $typeName: string }> & {
  readonly id: string;
  readonly files: MadeFile[];
};
export type MadeFile = { readonly name: string; readonly bytes: number; readonly sha256: string };
export type MadeText = Omit<TextPlan, 'file'> & { readonly file: MadeFile };

type Made = {
  readonly titleId: string;
  readonly plan: EncodePlan;
  readonly rungs: readonly string[];
  /** By rung name and by audio id. */
  readonly tracks: ReadonlyMap<string, PackagedTrack>;
  readonly texts: readonly MadeText[];
  readonly thumbnails: readonly MadeFile[];
  readonly complete: boolean;
  readonly createdAtMs: number;
};

/**
 * Describes an edition in the catalogue's words. Its id is made of the title and the checksums of its files: the same files are the same edition however often
 * they are made, other files are never taken for it.
 */
export function editionOf({ titleId, plan, rungs, tracks, texts, thumbnails, complete, createdAtMs }: Made): EditionDraft {
  const files = [...tracks].map(([id, { bytes, sha256 }]) => ({ name: `${id}.mp4`, bytes, sha256 }));
  files.push(...texts.map(({ file }) => file), ...thumbnails);
  const { columns, rows, width, height, everyMs, thumbnails: count } = plan.storyboard;
  const storyboard = {
    files: thumbnails.map(({ name }) => name),
    columns,
    rows,
    thumbnailWidth: width,
    thumbnailHeight: height,
    everyMs,
    thumbnails: count,
  };
  return {
    id: editionId(titleId, files),
    titleId,
    durationMs: plan.durationMs,
    complete,
    video: rungs.map((rung) => videoTrack(rung, trackOf(tracks, rung))),
    audio: plan.audio.map(({ id, language, label, main }) => audioTrack({ id, language, label, main }, trackOf(tracks, id))),
    text: texts.map(({ id, file, language, label, forced, captions }) => ({ id, file: file.name, language, label, forced, captions })),
    storyboard,
    files,
    createdAtMs,
  };
}

export function editionId(titleId: string, files: readonly MadeFile[]): string {
  const hash = createHash('sha256').update(titleId);
  for (const { name, sha256 } of [...files].sort((one, other) => (one.name < other.name ? -1 : 1))) hash.update(`\n${name} ${sha256}`);
  return `${titleId}-${hash.digest('hex').slice(0, 12)}`;
}

function trackOf(tracks: ReadonlyMap<string, PackagedTrack>, id: string): PackagedTrack {
  const track = tracks.get(id);
  if (track === undefined) throw new Error(`track ${id} was not packaged`);
  return track;
}

function trackFile(id: string, track: PackagedTrack) {
  const { codecs, timescale, initBytes, indexBytes, bandwidth, averageBandwidth, segmentBytes, segmentDurations } = track;
  return {
    file: `${id}.mp4`,
    codecs,
    timescale,
    initBytes,
    indexBytes,
    bandwidth,
    averageBandwidth,
    segmentBytes: [...segmentBytes],
    segmentDurations: [...segmentDurations],
  };
}

function videoTrack(rung: string, track: PackagedTrack) {
  if (track.kind !== 'video') throw new Error(`track ${rung} is no picture`);
  const { width, height, frameRateNumerator, frameRateDenominator } = track;
  return { rung, track: trackFile(rung, track), width, height, frameRateNumerator, frameRateDenominator };
}

function audioTrack(about: { id: string; language: string; label: string; main: boolean }, track: PackagedTrack) {
  if (track.kind !== 'audio') throw new Error(`track ${about.id} is no sound`);
  return { ...about, track: trackFile(about.id, track), channels: track.channels, sampleRate: track.sampleRate };
}
