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
  type EncodedPiece,
  type EncodePlan,
  type PackagedTrack,
  type RungGroup,
} from '@bioscope/studio/pipeline';

/** Four rungs, as the peer makes; stereo only, for the peer makes one sound track. */
export const BENCH_POLICY = { rungs: ['360p', '480p', '720p', '1080p'], surround: false } as const;

export type Prepared = {
  readonly plan: EncodePlan;
  /** When the low rungs with sound were packaged, and so could be played. */
  readonly playableAtSeconds: number;
  readonly bytes: number;
};

/**
 * The studio's steps as its two queues run them: one encoder at a time (sound, the low rungs, the high rungs), and beside it what makes the finished
 * rungs an edition (packaging, texts, thumbnails, artwork).
 */
export async function prepareOurs(source: string, folder: string, elapsedSeconds: () => number): Promise<Prepared> {
  const [pieces, packaged] = [join(folder, 'pieces'), join(folder, 'packaged')];
  await Promise.all([mkdir(pieces, { recursive: true }), mkdir(packaged, { recursive: true })]);
  const inspected = await inspect({ path: source });
  if (inspected.kind === 'refused') throw new Error(`the bench's film is refused: ${inspected.refusal.message}`);
  const plan = planEncode(inspected.inspection, BENCH_POLICY);
  const film = { source, plan, pieces, packaged };
  const sound: Made[] = [];
  for (const track of plan.audio)
    sound.push({ name: track.id, files: [(await encodeAudio({ source, plan, track, folder: pieces })).file] });
  const tracks: PackagedTrack[] = [];
  let playableAtSeconds = 0;
  const groupsFrom = async (index: number): Promise<void> => {
    const group = plan.groups[index];
    if (group === undefined) return;
    const rungs = await encodeGroup(film, group);
    const deliver = async (): Promise<void> => {
      tracks.push(...(await packageAll(film, index === 0 ? [...sound, ...rungs] : rungs)));
      if (index > 0) return;
      proveGrid(tracks);
      await makePictures(film, () => (playableAtSeconds = elapsedSeconds()));
    };
    await Promise.all([deliver(), groupsFrom(index + 1)]);
  };
  await groupsFrom(0);
  proveGrid(tracks);
  return { plan, playableAtSeconds, bytes: tracks.reduce((sum, { bytes }) => sum + bytes, 0) };
}

type Film = { readonly source: string; readonly plan: EncodePlan; readonly pieces: string; readonly packaged: string };
type Made = { readonly name: string; readonly files: readonly string[] };

async function encodeGroup({ source, plan, pieces }: Film, group: RungGroup): Promise<readonly Made[]> {
  const encoded: EncodedPiece[] = [];
  for (const chunk of plan.chunks) encoded.push(...(await encodeChunk({ source, plan, group, chunk, folder: pieces })));
  return group.rungs.map((name) => ({ name, files: encoded.filter(({ rung }) => rung === name).map(({ file }) => file) }));
}

async function packageAll({ plan, packaged }: Film, made: readonly Made[]): Promise<readonly PackagedTrack[]> {
  const grid = { frameRate: plan.frameRate, framesPerSegment: plan.framesPerSegment, frames: plan.frames };
  const tracks: PackagedTrack[] = [];
  for (const { name, files } of made) tracks.push(await packageTrack({ pieces: files, out: join(packaged, `${name}.mp4`), grid }));
  return tracks;
}

/** Texts and thumbnails belong to the first edition; artwork follows. */
async function makePictures({ source, plan, packaged }: Film, playable: () => void): Promise<void> {
  const rungFile = join(packaged, `${plan.rungs[0]?.name}.mp4`);
  for (const track of plan.text) await extractText({ source, plan, track, folder: packaged });
  await makeStoryboard({ rungFile, plan, folder: packaged });
  playable();
  await makeArtwork({ source, rungFile, plan, folder: packaged });
}
