import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { encodeChunk, makeArtwork, makeStoryboard } from '../../src/media/index.ts';
import { smallEdition, type SmallEdition } from './edition.ts';
import { decode, ffmpeg, numbered } from './numbered-film.ts';

const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? false : 'ffmpeg is not installed';

describe('pictures made of a film', { skip: missing }, () => {
  let folder = '';
  let source = '';
  let edition: SmallEdition;
  before(async () => {
    folder = await mkdtemp(join(os.tmpdir(), 'bioscope-pictures-'));
    source = join(folder, 'film.mp4');
    await ffmpeg(...numbered(9, '25'), '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', source);
    edition = await smallEdition(source, join(folder, 'edition'), { chunkSeconds: 4 });
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('say BT.709, limited range, whatever the source left open', () => {
    const tags = execFileSync(
      'ffprobe',
      [
        ['-v', 'error', '-select_streams', 'v', '-of', 'csv=p=0'],
        ['-show_entries', 'stream=pix_fmt,color_range,color_space,color_transfer,color_primaries', edition.video],
      ].flat(),
    );
    assert.equal(tags.toString().trim(), 'yuv420p,tv,bt709,bt709,bt709');
  });

  it('stand on the storyboard at the times that they show', async () => {
    const { plan, video } = edition;
    const made = await makeStoryboard({ rungFile: video, plan, folder });
    assert.deepEqual([made.thumbnails, made.everyMs, made.files.length], [5, 2000, 1]);
    const sheet = await decode(made.files[0] ?? '', ['-vf', 'format=gray', '-f', 'rawvideo']);
    assert.equal(sheet.length, made.columns * made.width * made.rows * made.height);
    for (const thumbnail of [0, 1, 2, 3, 4]) assert.equal(numberAt(sheet, thumbnail, made), (thumbnail * 50) % 256);
  });

  it('become a poster and a backdrop of the right shapes', async () => {
    const art = await makeArtwork({ source, rungFile: edition.video, plan: edition.plan, folder });
    assert.equal((await decode(art.poster, ['-vf', 'format=gray', '-f', 'rawvideo'])).length, 600 * 900);
    assert.equal((await decode(art.backdrop, ['-vf', 'format=gray', '-f', 'rawvideo'])).length, 1280 * 720);
    assert.ok((await stat(art.backdrop)).size < 2 * 1024 * 1024);
  });

  it('are not encoded again when they are there, and leave nothing half-made behind', async () => {
    const { plan, video } = edition;
    const [chunk] = plan.chunks;
    assert.ok(chunk !== undefined);
    const group = { name: 'low', rungs: [plan.rungs[0]?.name ?? ''] } as const;
    const work = dirname(video);
    const [before] = await encodeChunk({ source, plan, group, chunk, folder: work });
    const first = await stat(before?.file ?? '');
    const [again] = await encodeChunk({ source: '/nowhere', plan, group, chunk, folder: work });
    assert.equal((await stat(again?.file ?? '')).mtimeMs, first.mtimeMs);
    await assert.rejects(encodeChunk({ source: '/nowhere', plan, group, chunk: { ...chunk, index: 99 }, folder: work }));
    assert.deepEqual(
      (await readdir(work)).filter((name) => name.includes('partial')),
      [],
    );
  });
});

/** Reads the bars of one thumbnail in the middle of its height. */
function numberAt(sheet: Buffer, thumbnail: number, board: { columns: number; width: number; height: number }): number {
  const row = Math.floor(thumbnail / board.columns) * board.height + board.height / 2;
  const left = (thumbnail % board.columns) * board.width;
  return Array.from({ length: 8 }, (_, bar) => {
    const pixel = sheet[row * board.columns * board.width + left + Math.floor(((bar + 0.5) * board.width) / 8)] ?? 0;
    return pixel > 125 ? 2 ** bar : 0;
  }).reduce((sum, bit) => sum + bit, 0);
}
