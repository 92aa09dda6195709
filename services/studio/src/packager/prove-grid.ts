import { PackagingFault } from './fault.ts';
import type { PackagedTrack } from './package-track.ts';

/** What was proved about the tracks of one edition. */
export type GridProof = {
  readonly segments: number;
  /** How far the worst cut of any sound lies from that of the picture. */
  readonly audioSkewMsMax: number;
};

/**
 * All rungs have the same cuts, to the tick; every cut of every sound lies within one of its frames from the picture's. Throws a
 * `PackagingFault` that names the first track that does not.
 */
export function proveGrid(tracks: readonly PackagedTrack[]): GridProof {
  const [picture, ...rungs] = tracks.filter((track) => track.kind === 'video');
  if (picture === undefined) throw new PackagingFault('PACKAGE_OFF_GRID', 'an edition without a picture has no grid');
  for (const rung of rungs) proveRung(picture, rung);
  const sounds = tracks.filter((track) => track.kind === 'audio');
  return { segments: picture.segmentBytes.length, audioSkewMsMax: Math.max(0, ...sounds.map((sound) => proveSound(picture, sound))) };
}

function proveRung(first: PackagedTrack, rung: PackagedTrack): void {
  if (rung.segmentDurations.length !== first.segmentDurations.length)
    throw new PackagingFault(
      'PACKAGE_OFF_GRID',
      `${nameOf(rung)} has ${rung.segmentDurations.length} segments, ${nameOf(first)} has ${first.segmentDurations.length}`,
    );
  const off = rung.segmentDurations.findIndex(
    (ticks, index) => ticks * first.timescale !== (first.segmentDurations[index] ?? 0) * rung.timescale,
  );
  if (off !== -1)
    throw new PackagingFault(
      'PACKAGE_OFF_GRID',
      `segment ${off + 1} of ${nameOf(rung)} lasts longer or shorter than that of ${nameOf(first)}`,
    );
}

/** Answers the worst skew in milliseconds. A sound may end early, then it has fewer segments; it never has more. */
function proveSound(picture: PackagedTrack, sound: PackagedTrack): number {
  if (sound.segmentDurations.length > picture.segmentDurations.length)
    throw new PackagingFault(
      'PACKAGE_OFF_GRID',
      `a sound has ${sound.segmentDurations.length} segments, its picture ${picture.segmentDurations.length}`,
    );
  const frameMs = sound.durationMs / sound.samples;
  let pictureMs = 0;
  let soundMs = 0;
  let worstMs = 0;
  for (let index = 0; index < sound.segmentDurations.length - 1; index += 1) {
    pictureMs += ((picture.segmentDurations[index] ?? 0) * 1000) / picture.timescale;
    soundMs += ((sound.segmentDurations[index] ?? 0) * 1000) / sound.timescale;
    worstMs = Math.max(worstMs, Math.abs(pictureMs - soundMs));
    if (worstMs > frameMs)
      throw new PackagingFault(
        'PACKAGE_OFF_GRID',
        `segment ${index + 1} of a sound ends ${worstMs.toFixed(1)} ms from that of its picture`,
      );
  }
  return worstMs;
}

function nameOf(track: PackagedTrack): string {
  return track.kind === 'video' ? `the ${track.height}-line rung` : 'a sound';
}
