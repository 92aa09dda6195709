import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { encodeAudio, encodeChunk, extractText, inspect, planEncode, type EncodePlan } from '../../src/media/index.ts';
import { packageTrack, proveGrid } from '../../src/packager/index.ts';
import { DAMAGED } from './damaged.ts';
import { FILMS } from './films.ts';
import { HOSTILE } from './hostile.ts';
import { openLab, type GuardedLab } from './lab.ts';
import type { Specimen } from './specimen.ts';

const ALL = process.env['BIOSCOPE_TEST_ALL'] === '1';
const SPECIMENS = [...FILMS, ...DAMAGED, ...HOSTILE];
/** A refusal has to come within seconds; a loaded machine gets some more. */
const REFUSE_MS_MAX = 20_000;
const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? false : 'ffmpeg is not installed';

describe('odd and hostile files', { skip: missing }, () => {
  let folder = '';
  let lab: GuardedLab;
  before(async () => {
    folder = await mkdtemp(join(os.tmpdir(), 'bioscope-corpus-'));
    await mkdir(join(folder, 'files'));
    lab = await openLab(folder);
  });
  after(async () => {
    await lab[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('has at least fifty of them, with different names', () => {
    assert.ok(SPECIMENS.length >= 50);
    assert.equal(new Set(SPECIMENS.map(({ name }) => name)).size, SPECIMENS.length);
  });

  for (const specimen of SPECIMENS.filter(({ everyday }) => ALL || everyday === true))
    it(`${specimen.outcome.kind === 'accepted' ? 'prepares' : `refuses as ${specimen.outcome.code}`}: ${specimen.name}`, async () => {
      const path = join(folder, 'files', specimen.name);
      await specimen.make(lab, path);
      await tryOut(specimen, path);
    });

  it('left no trace beside the specimens, called nobody, and opened no other file', async () => {
    assert.equal(lab.calls(), 0);
    assert.equal(lab.canaryOpened(), false);
    assert.deepEqual(
      (await readdir(join(folder, 'files'))).filter((name) => !SPECIMENS.some((specimen) => specimen.name === name)),
      [],
    );
  });

  async function tryOut(specimen: Specimen, path: string): Promise<void> {
    const result = await inspect({ path, signal: AbortSignal.timeout(REFUSE_MS_MAX) });
    if (specimen.outcome.kind === 'refused') {
      assert.equal(result.kind, 'refused', 'it was accepted');
      assert.equal(result.refusal.code, specimen.outcome.code, result.refusal.message);
      assert.match(result.refusal.message, /^[A-Z].{20,}/);
      return;
    }
    assert.equal(result.kind, 'accepted', result.kind === 'refused' ? `${result.refusal.code}: ${result.refusal.message}` : '');
    const plan = planEncode(result.inspection);
    specimen.outcome.check?.({ inspection: result.inspection, plan });
    const work = await mkdtemp(join(folder, 'work-'));
    await makeEdition(path, plan, work);
    await rm(work, { recursive: true });
  }
});

/** Everything that an edition is made of: the rungs of every group, all sound, all text, on one grid. */
async function makeEdition(source: string, plan: EncodePlan, folder: string): Promise<void> {
  const grid = { frameRate: plan.frameRate, framesPerSegment: plan.framesPerSegment, frames: plan.frames };
  const tracks = [];
  for (const group of plan.groups) {
    const pieces = [];
    for (const chunk of plan.chunks) pieces.push(...(await encodeChunk({ source, plan, group, chunk, folder })));
    for (const rung of group.rungs)
      tracks.push(
        await packageTrack({
          pieces: pieces.filter((piece) => piece.rung === rung).map(({ file }) => file),
          out: join(folder, `${rung}.mp4`),
          grid,
        }),
      );
  }
  for (const track of plan.audio) {
    const { file } = await encodeAudio({ source, plan, track, folder });
    tracks.push(await packageTrack({ pieces: [file], out: join(folder, `${track.id}-packaged.mp4`), grid }));
  }
  for (const track of plan.text) assert.ok((await extractText({ source, plan, track, folder })).cues > 0);
  assert.ok(tracks.every((track) => track.kind === 'audio' || track.samples === plan.frames));
  proveGrid(tracks);
}
