import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { H264, MOVING, SOUND } from './lab.ts';
import { REFUSED, type Accepted, type Lab, type Specimen } from './specimen.ts';

/** Cut short, but what is there can be watched. */
const shortened: Accepted = {
  kind: 'accepted',
  check({ inspection }) {
    assert.ok(inspection.durationMs > 500 && inspection.durationMs < 3900, `${inspection.durationMs} ms`);
    assert.ok(inspection.warnings.some(({ code }) => code === 'truncated'));
  },
};

async function fourSeconds(lab: Lab, path: string, ...options: readonly string[]): Promise<Buffer> {
  await lab.ffmpeg(...MOVING, ...SOUND, '-t', '4', ...H264, '-c:a', 'aac', ...options, path);
  return await readFile(path);
}

/** Films that lost something on the way. */
export const DAMAGED: readonly Specimen[] = [
  {
    name: 'header tells too short.mkv',
    async make(lab, path) {
      const film = await fourSeconds(lab, path);
      // Duration (0x4489, 8 bytes, in milliseconds).
      film.writeDoubleBE(100, film.indexOf(Buffer.from('448988', 'hex')) + 3);
      await writeFile(path, film);
    },
    outcome: {
      kind: 'accepted',
      check({ inspection }) {
        assert.equal(inspection.durationMs, 4000);
      },
    },
  },
  {
    name: 'truncated.mkv',
    everyday: true,
    async make(lab, path) {
      const whole = await fourSeconds(lab, path);
      await truncate(path, Math.floor(whole.length * 0.6));
    },
    outcome: shortened,
  },
  {
    name: 'truncated with the index first.mp4',
    async make(lab, path) {
      const whole = await fourSeconds(lab, path, '-movflags', '+faststart');
      await truncate(path, Math.floor(whole.length * 0.6));
    },
    outcome: shortened,
  },
  {
    name: 'last part never arrived.mp4',
    everyday: true,
    async make(lab, path) {
      const whole = await fourSeconds(lab, path, '-movflags', '+faststart');
      whole.fill(0, Math.floor(whole.length * 0.6));
      await writeFile(path, whole);
    },
    outcome: shortened,
  },
  {
    name: 'noise in the middle.ts',
    async make(lab, path) {
      const whole = await fourSeconds(lab, path);
      for (let at = Math.floor(whole.length * 0.4); at < whole.length * 0.5; at += 7) whole[at] = at % 256;
      await writeFile(path, whole);
    },
    outcome: { kind: 'accepted' },
  },
  {
    name: 'truncated with the index last.mp4',
    everyday: true,
    async make(lab, path) {
      const whole = await fourSeconds(lab, path);
      await truncate(path, Math.floor(whole.length * 0.6));
    },
    outcome: REFUSED('broken'),
  },
  {
    name: 'head alone.mp4',
    everyday: true,
    make: async (lab, path) => writeFile(path, (await readFile(await lab.plainFilm())).subarray(0, 36)),
    outcome: REFUSED('broken'),
  },
  {
    name: 'all zeros after the index.mp4',
    everyday: true,
    async make(lab, path) {
      const whole = await fourSeconds(lab, path, '-movflags', '+faststart');
      whole.fill(0, whole.indexOf('mdat') + 4);
      await writeFile(path, whole);
    },
    outcome: REFUSED('broken'),
  },
  {
    name: 'middle of a film.mp4',
    everyday: true,
    make: async (lab, path) => writeFile(path, (await readFile(await lab.plainFilm())).subarray(5000, 25_000)),
    outcome: REFUSED('not_a_film'),
  },
  {
    name: 'header of matroska alone.mkv',
    everyday: true,
    async make(lab, path) {
      const whole = join(lab.folder, 'whole.mkv');
      const bytes = await fourSeconds(lab, whole);
      await writeFile(path, bytes.subarray(0, 60));
    },
    outcome: REFUSED('broken'),
  },
];
