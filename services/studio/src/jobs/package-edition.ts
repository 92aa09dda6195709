import { readFile, rename, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { EditionSchema, type Edition } from '@bioscope/catalog/contract';
import { create, type MessageInitShape } from '@bufbuild/protobuf';

import { scratchFolder } from '../config.ts';
import { editionIdOf, type Work } from '../domain/work.ts';
import { extractText, makeStoryboard, type EncodePlan } from '../media/index.ts';
import { packageTrack, proveGrid, type PackagedTrack, type SegmentGrid } from '../packager/index.ts';
import type { StudioParts } from '../parts.ts';
import { describeFile, fileNamed, type FoundFile } from './edition-files.ts';
import { made, openSource, piecesFolder } from './encode.ts';

/** A packaged edition: what the catalogue is told, and where its files lie until they are stored. */
export type PackagedEdition = { readonly edition: Edition; readonly files: readonly FoundFile[] };

/** Joins the finished pieces into the tracks of an edition, proves their common grid, and adds text and storyboard. Finished files are kept between attempts and editions. */
export async function packageEdition(
  parts: StudioParts,
  work: Work & { readonly plan: EncodePlan },
  { complete, signal }: { readonly complete: boolean; readonly signal: AbortSignal },
): Promise<PackagedEdition> {
  const { plan } = work;
  const folder = await made(join(scratchFolder(parts.config, work.id), 'packaged'));
  const pieces = piecesFolder(parts.config, work.id);
  const rungNames = new Set((complete ? plan.groups : plan.groups.slice(0, 1)).flatMap(({ rungs }) => rungs));
  const rungs = plan.rungs.filter(({ name }) => rungNames.has(name));
  const grid = { frameRate: plan.frameRate, framesPerSegment: plan.framesPerSegment, frames: plan.frames };

  const video = await inOrder(rungs, ({ name }) =>
    packaged({
      pieces: plan.chunks.map(({ index }) => join(pieces, `${name}-${String(index).padStart(5, '0')}.mp4`)),
      out: join(folder, `${name}.mp4`),
      grid,
      signal,
    }),
  );
  const audio = await inOrder(plan.audio, ({ id }) =>
    packaged({ pieces: [join(pieces, `${id}.mp4`)], out: join(folder, `${id}.mp4`), grid, signal }),
  );
  proveGrid([...video, ...audio].map(({ track }) => track));

  await using source = await openSource(parts, work.id);
  const texts = (
    await inOrder(plan.text, async (track) => ({ track, made: await extractText({ source: source.path, plan, track, folder, signal }) }))
  ).filter(({ made: { cues } }) => cues > 0);
  const storyboard = await makeStoryboard({ rungFile: join(folder, `${plan.rungs[0]?.name}.mp4`), plan, folder, signal });
  const files = [
    ...[...video, ...audio].map(({ out, track }) => ({ path: out, name: basename(out), bytes: track.bytes, sha256: track.sha256 })),
    ...(await inOrder([...texts.map((text) => text.made.file), ...storyboard.files], describeFile)),
  ];
  const edition: MessageInitShape<typeof EditionSchema> = {
    id: editionIdOf(work.id, complete),
    titleId: work.titleId,
    durationMs: plan.durationMs,
    complete,
    video: video.map(({ out, track }, index) => ({ rung: rungs[index]?.name ?? '', ...videoFields(out, track) })),
    audio: audio.map(({ out, track }, index) => ({ ...audioFields(plan, index), track: trackFile(out, track) })),
    text: texts.map(({ track: { id, language, label, forced, captions } }) => ({
      id,
      file: `${id}.vtt`,
      language,
      label,
      forced,
      captions,
    })),
    storyboard: {
      files: storyboard.files.map((path) => basename(path)),
      columns: storyboard.columns,
      rows: storyboard.rows,
      thumbnailWidth: storyboard.width,
      thumbnailHeight: storyboard.height,
      everyMs: storyboard.everyMs,
      thumbnails: storyboard.thumbnails,
    },
    files: files.map(({ name, bytes, sha256 }) => ({ name: fileNamed(name), bytes, sha256 })),
    createdAtMs: parts.nowMs(),
  };
  return { edition: create(EditionSchema, edition), files };
}

type Packaged = { readonly out: string; readonly track: PackagedTrack };

/** The description lies beside the file, and after it: a track that has one is whole and is not packaged again. */
async function packaged(request: { pieces: readonly string[]; out: string; grid: SegmentGrid; signal: AbortSignal }): Promise<Packaged> {
  const description = `${request.out}.track.json`;
  const kept = await readFile(description, 'utf8').catch(() => null);
  if (kept !== null) return { out: request.out, track: JSON.parse(kept) as PackagedTrack };
  const track = await packageTrack(request);
  await writeFile(`${description}.partial`, JSON.stringify(track), { flush: true });
  await rename(`${description}.partial`, description);
  return { out: request.out, track };
}

function trackFile(out: string, track: PackagedTrack) {
  const { codecs, timescale, initBytes, indexBytes, bandwidth, averageBandwidth, segmentBytes, segmentDurations } = track;
  const segments = { segmentBytes: [...segmentBytes], segmentDurations: [...segmentDurations] };
  return { file: basename(out), codecs, timescale, initBytes, indexBytes, bandwidth, averageBandwidth, ...segments };
}

function videoFields(out: string, track: PackagedTrack) {
  if (track.kind !== 'video') throw new Error(`${out} is not a picture`);
  const { width, height, frameRateNumerator, frameRateDenominator } = track;
  return { track: trackFile(out, track), width, height, frameRateNumerator, frameRateDenominator };
}

function audioFields(plan: EncodePlan, index: number) {
  const track = plan.audio[index];
  if (track === undefined) throw new Error(`the plan has no sound ${index}`);
  const { id, language, label, channels, sampleRate, main } = track;
  return { id, language, label, channels, sampleRate, main };
}

/** One after another: each is bound by the disk, and the order of files is part of the edition. */
async function inOrder<T, R>(values: readonly T[], act: (value: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) results.push(await act(value));
  return results;
}
