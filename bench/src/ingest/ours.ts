import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import {
  encodeAudio,
  encodeChunk,
  extractText,
  inspect,
  makeArtwork,
  makeStoryboard,
  packageTrack,
  planEncode,
  proveGrid,
  type EncodePlan,
  type PackagedTrack,
} from '@bioscope/studio/pipeline';

/** Four rungs, as the peer makes; stereo only, for the peer makes one sound track. */
export const BENCH_POLICY = { rungs: ['360p', '480p', '720p', '1080p'], surround: false } as const;

export type Prepared = {
  readonly plan: EncodePlan;
  /** When the low rungs with sound were packaged, and so could be played. */
  readonly playableAtSeconds: number;
  readonly bytes: number;
};

/** The studio's steps in the studio's order: inspect, the low rungs, sound, package, artwork; then the high rungs, package again. */
export async function prepareOurs(source: string, folder: string, elapsedSeconds: () => number): Promise<Prepared> {
  const [pieces, packaged] = [join(folder, 'pieces'), join(folder, 'packaged')];
  await Promise.all([mkdir(pieces, { recursive: true }), mkdir(packaged, { recursive: true })]);
  const inspected = await inspect({ path: source });
  if (inspected.kind === 'refused') throw new Error(`the bench's film is refused: ${inspected.refusal.message}`);
  const plan = planEncode(inspected.inspection, BENCH_POLICY);
  const grid = { frameRate: plan.frameRate, framesPerSegment: plan.framesPerSegment, frames: plan.frames };
  const tracks: PackagedTrack[] = [];
  let playableAtSeconds = 0;
  for (const group of plan.groups) {
    const made = new Map<string, string[]>();
    for (const chunk of plan.chunks)
      for (const piece of await encodeChunk({ source, plan, group, chunk, folder: pieces }))
        made.set(piece.rung, [...(made.get(piece.rung) ?? []), piece.file]);
    if (group.name === 'low')
      for (const track of plan.audio) {
        const { file } = await encodeAudio({ source, plan, track, folder: pieces });
        tracks.push(await packageTrack({ pieces: [file], out: join(packaged, `${track.id}.mp4`), grid }));
      }
    for (const [rung, files] of made) tracks.push(await packageTrack({ pieces: files, out: join(packaged, `${rung}.mp4`), grid }));
    proveGrid(tracks);
    if (group.name !== 'low') continue;
    const rungFile = join(packaged, `${group.rungs[0]}.mp4`);
    for (const track of plan.text) await extractText({ source, plan, track, folder: packaged });
    await makeStoryboard({ rungFile, plan, folder: packaged });
    playableAtSeconds = elapsedSeconds();
    await makeArtwork({ source, rungFile, plan, folder: packaged });
  }
  return { plan, playableAtSeconds, bytes: tracks.reduce((sum, { bytes }) => sum + bytes, 0) };
}
