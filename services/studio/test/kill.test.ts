import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { WorkState } from '../contract/index.ts';
import { makeClip } from './clip.ts';
import { listeningMedia } from './listening-media.ts';
import { startStudio, stateFolder, until } from './running-studio.ts';
import type { RunningStudio } from './running-studio.ts';

const KILLS = process.env.BIOSCOPE_TEST_ALL === '1' ? 30 : 3;
const seed = Number(process.env.BIOSCOPE_TEST_SEED ?? Date.now() % 1_000_000);
/** Up to so long after a line of the ledger: so that kills also fall into the middle of encoding. */
const FURTHER_MS_MAX = 700;

describe('the studio, killed again and again', () => {
  it('loses no acknowledged byte, encodes no finished chunk again, and ends with the whole edition', { timeout: 900_000 }, async (t) => {
    t.diagnostic(`BIOSCOPE_TEST_SEED=${seed}`);
    await using folder = await stateFolder();
    const film = await makeClip(folder.path, { seconds: 6 });
    const ledger = path.join(folder.path, 'ledger');
    await writeFile(ledger, '');
    for (let kill = 0; kill < KILLS; kill += 1) await runUntilKilled(folder.path, path.join(folder.path, 'clip-6-640x480.mp4'), kill);
    assertUploadKept(await linesOf(ledger), film.length);

    const lines: string[] = [];
    await using studio = await startStudio(folder.path, {
      media: listeningMedia((line) => lines.push(line)),
      environment: { BIOSCOPE_STUDIO_CHUNK_SECONDS: '4' },
    });
    const id = await readFile(path.join(folder.path, 'upload-id'), 'utf8');
    await studio.client.importUpload({ uploadId: id, name: 'Clip' });
    await until(
      'the film is prepared',
      async () => (await studio.client.watchWork({ workId: id })).work?.state === WorkState.DONE,
      120_000,
    );
    assertNothingEncodedTwice([...(await linesOf(ledger)), ...lines]);
    await assertWhole(studio, id);
  });
});

async function runUntilKilled(folder: string, film: string, kill: number): Promise<void> {
  const ledger = path.join(folder, 'ledger');
  const before = (await linesOf(ledger)).length;
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'studio-child.ts'), folder, film], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  try {
    const moreLines = 1 + ((seed * 31 + kill * 17) % 6);
    await until('the child has got further', async () => (await linesOf(ledger)).length >= before + moreLines, 60_000);
    await setTimeout((seed * 7 + kill * 131) % FURTHER_MS_MAX);
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

function assertUploadKept(lines: readonly string[], bytes: number): void {
  let acknowledged = 0;
  for (const line of lines) {
    const [what, number = ''] = line.split(' ');
    if (what === 'acknowledged') acknowledged = Number(number);
    if (what === 'resumes') assert.ok(Number(number) >= acknowledged, `resumed at ${number} after ${acknowledged} bytes were acknowledged`);
  }
  assert.ok(lines.some((line) => line === 'begun') && acknowledged <= bytes);
}

function assertNothingEncodedTwice(lines: readonly string[]): void {
  const encoded = new Set<string>();
  for (const line of lines) {
    const [what, chunk = ''] = line.split(' ');
    if (what === 'encoding') assert.ok(!encoded.has(chunk), `chunk ${chunk} was encoded again after it was finished`);
    if (what === 'encoded') encoded.add(chunk);
  }
  assert.deepEqual([...encoded].sort(), ['high/0', 'high/1', 'low/0', 'low/1']);
}

/** All frames of the film are in every rung at the origin, and the sound beside them. */
async function assertWhole(studio: RunningStudio, id: string): Promise<void> {
  const keys = (await studio.blob.list({ prefix: `editions/${id}-` })).objects.map(({ key }) => key);
  const tracks = keys.filter((key) => key.endsWith('.mp4'));
  const rungsOf = (edition: string) => tracks.filter((key) => key.startsWith(`${edition}/`) && !key.endsWith('audio-1.mp4'));
  const whole = [...new Set(tracks.map((key) => path.posix.dirname(key)))].find((edition) => rungsOf(edition).length === 3);
  assert.ok(whole !== undefined, `no edition has all three rungs: ${keys.join(' ')}`);
  for (const key of [...rungsOf(whole), `${whole}/audio-1.mp4`]) {
    await using copy = await studio.blob.localCopy(key);
    assert.ok(copy !== null, `${key} is missing`);
    const args = ['-v', 'error', '-count_packets', '-show_entries', 'stream=nb_read_packets', '-of', 'csv=p=0', copy.path];
    const { stdout, stderr } = await promisify(execFile)('ffprobe', args);
    assert.equal(stderr, '');
    if (key.endsWith('audio-1.mp4')) assert.ok(Number.parseInt(stdout, 10) > 250);
    else assert.equal(Number.parseInt(stdout, 10), 6 * 24);
  }
}

async function linesOf(ledger: string): Promise<string[]> {
  // The last line may have been cut by the kill.
  return (await readFile(ledger, 'utf8')).split('\n').slice(0, -1);
}
