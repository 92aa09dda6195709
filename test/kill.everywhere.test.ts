import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { askAppliance, askDoor, callDoor } from './fixture/doors.ts';
import { missing } from './fixture/programs.ts';
import { runCommand, startService, temporaryFolder, type RunningCommand, type Service } from './fixture/service.ts';
import { waitFor } from './fixture/wait.ts';

const ALL = process.env['BIOSCOPE_TEST_ALL'] === '1';
const KILLS = ALL ? 20 : 4;
// From the first instants of an upload to the last of a preparation, on a clip of three seconds.
const KILL_AFTER_MS_MAX = 6_000;
const FINISHED_WITHIN_MS = 120_000;
const DELIVERABLE_WITHIN_MS = 20_000;
const VIEWER = 'viewer-of-the-kill-test';

type Title = { id: string; name: string; state?: string; prepared?: number };
type Started = { granted?: { sessionId: string; dashPath: string } };

it(
  `the service is killed ${KILLS} times while films come in and go out: nothing acknowledged is lost`,
  { skip: missing('ffmpeg', 'nginx'), timeout: 900_000 },
  async (test) => {
    const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? randomInt(2 ** 31));
    test.diagnostic(`BIOSCOPE_TEST_SEED=${seed}`);
    const random = randomFrom(seed);
    const { folder, remove } = await temporaryFolder();
    test.after(remove);
    const clip = await makeClip(folder);
    const state = `${folder}/state`;

    const acknowledged = new Set<string>();
    const bookmarks = new Map<string, number>();
    let service = await startService({ folder: state });
    test.after(() => service.kill());

    for (let kill = 1; kill <= KILLS; kill += 1) {
      const name = `Clip ${kill}`;
      const adding = runCommand(service, 'add', clip, '--title', name);
      const moment = Math.floor(random() * KILL_AFTER_MS_MAX);
      await Promise.all([pause(moment), watchSomething(service, kill * 100, bookmarks)]);
      if (isAcknowledged(adding)) acknowledged.add(name);
      const killed = service.kill();
      adding.kill();
      await Promise.all([killed, adding.end]);
      service = await startService({ folder: state, port: service.port });
      await assertBookmarks(service, bookmarks);
    }

    const titles = await waitFor('the end of all preparations', FINISHED_WITHIN_MS, async () => {
      const all = await listTitles(service);
      return all.every((title) => title.state === 'TITLE_STATE_FAILED' || title.prepared === 1) ? all : undefined;
    });
    test.diagnostic(`${acknowledged.size} of ${KILLS} films were acknowledged before the kill, ${titles.length} are there`);
    for (const name of acknowledged)
      assert.ok(
        titles.some((title) => title.name === name),
        `${name} was acknowledged and is lost`,
      );
    for (const title of titles) await assertPlayable(service, title);
    await service.stop();
  },
);

/** The command prints steps only once the import was answered. */
function isAcknowledged(adding: RunningCommand): boolean {
  return /inspect/i.test(adding.output());
}

async function listTitles(service: Service): Promise<Title[]> {
  return (await callDoor<{ titles?: Title[] }>(service, 'api', 'bioscope.catalog.v1.CatalogService/ListTitles', {})).titles ?? [];
}

function start(service: Service, titleId: string): Promise<Started> {
  return callDoor<Started>(service, 'play', 'bioscope.playback.v1.PlaybackService/StartSession', { titleId, viewerId: VIEWER });
}

/** Starts whatever can be played and leaves a bookmark there; remembers it once the service has acknowledged it. */
async function watchSomething(service: Service, positionMs: number, bookmarks: Map<string, number>): Promise<void> {
  const playable = (await listTitles(service)).find((title) => title.state === 'TITLE_STATE_PLAYABLE');
  if (playable === undefined) return;
  const { granted } = await start(service, playable.id);
  if (granted === undefined) return;
  await callDoor(service, 'play', 'bioscope.playback.v1.PlaybackService/Heartbeat', {
    sessionId: granted.sessionId,
    positionMs,
    playing: true,
  });
  bookmarks.set(playable.id, positionMs);
}

async function assertBookmarks(service: Service, bookmarks: ReadonlyMap<string, number>): Promise<void> {
  const kept = await callDoor<{ bookmarks?: { titleId: string; positionMs?: number }[] }>(
    service,
    'play',
    'bioscope.playback.v1.PlaybackService/ListBookmarks',
    { viewerId: VIEWER },
  );
  for (const [titleId, positionMs] of bookmarks) {
    const found = kept.bookmarks?.find((bookmark) => bookmark.titleId === titleId);
    assert.equal(found?.positionMs, positionMs, `the bookmark of ${titleId}`);
  }
}

/** The manifest of a new session names files, and an appliance delivers their beginning. */
async function assertPlayable(service: Service, title: Title): Promise<void> {
  assert.equal(title.state, 'TITLE_STATE_PLAYABLE', `${title.name} is ${title.state}`);
  // Appliances that have just started look through their files before they say what they hold.
  const granted = await waitFor(`a session of ${title.name}`, DELIVERABLE_WITHIN_MS, async () => (await start(service, title.id)).granted);
  const manifest = await askDoor(service, 'play', { path: granted.dashPath });
  assert.equal(manifest.status, 200, `the manifest of ${title.name}`);
  const text = manifest.body.toString();
  const bases = [...text.matchAll(/<BaseURL[^>]*>([^<]+)<\/BaseURL>/g)].map((match) => match[1] ?? '');
  const base = bases.find((url) => url.startsWith('http')) ?? '';
  const file = bases.find((url) => url.endsWith('.mp4')) ?? '';
  const bytes = await askAppliance(new URL(file, base).href, 'bytes=0-1023');
  assert.equal(bytes.status, 206, `${title.name}: ${file} from ${base}`);
  assert.equal(bytes.body.subarray(4, 8).toString(), 'ftyp');
}

async function makeClip(folder: string): Promise<string> {
  const clip = path.join(folder, 'clip.mp4');
  const inputs = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=24:duration=3', '-f', 'lavfi', '-i', 'sine=duration=3'];
  await promisify(execFile)('ffmpeg', [
    '-v',
    'error',
    '-nostdin',
    '-y',
    ...inputs,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-c:a',
    'aac',
    clip,
  ]);
  return clip;
}

/** mulberry32: small, seeded, good enough to scatter moments. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
