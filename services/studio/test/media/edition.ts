import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { encodeAudio, encodeChunk, inspect, planEncode, type EncodePlan, type EncodePolicy } from '../../src/media/index.ts';
import { packageTrack } from '../../src/packager/index.ts';

export type SmallEdition = { readonly plan: EncodePlan; readonly video: string; readonly audio: readonly string[] };

/** Prepares the lowest rung and the sound of a film in `folder`, which is made. */
export async function smallEdition(source: string, folder: string, policy: Partial<EncodePolicy> = {}): Promise<SmallEdition> {
  await mkdir(folder, { recursive: true });
  const result = await inspect({ path: source });
  assert.equal(result.kind, 'accepted', JSON.stringify(result));
  const plan = planEncode(result.inspection, policy);
  const grid = { frameRate: plan.frameRate, framesPerSegment: plan.framesPerSegment, frames: plan.frames };
  const rung = plan.rungs[0]?.name ?? '';
  const pieces: string[] = [];
  for (const chunk of plan.chunks)
    for (const piece of await encodeChunk({ source, plan, group: { name: 'low', rungs: [rung] }, chunk, folder })) pieces.push(piece.file);
  const video = join(folder, `${rung}.mp4`);
  await packageTrack({ pieces, out: video, grid });
  const audio: string[] = [];
  for (const track of plan.audio) {
    const { file } = await encodeAudio({ source, plan, track, folder });
    const out = join(folder, `${track.id}-packaged.mp4`);
    await packageTrack({ pieces: [file], out, grid });
    audio.push(out);
  }
  return { plan, video, audio };
}
