import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { askAppliance, askDoor } from './fixture/doors.ts';
import { signalAll } from './fixture/processes.ts';
import { missing } from './fixture/programs.ts';
import { addFilm, runCommand, startService, temporaryFolder, type Service } from './fixture/service.ts';
import { makeSmallFilm } from './fixture/small-film.ts';
import { waitFor } from './fixture/wait.ts';

const FILM_SECONDS = 12;
const DELIVERABLE_WITHIN_MS = 30_000;
const BACK_WITHIN_MS = 60_000;
/** Two in the first zone, one in the second. */
const APPLIANCES = 3;
const CALLERS = 8;
/** apps/web/src/api/post.ts. */
const ATTEMPTS_MAX = 3;
const ATTEMPT_PAUSE_MS = 125;
const PLAYBACK = 'bioscope.playback.v1.PlaybackService';

type Member = { place: { name: string; zone: string; address: string }; state: string; pid: number; isWell: boolean; deaths: number };
type Started = { granted?: { sessionId: string; dashPath: string } };

/** One region of two zones: as small as something can be that survives its parts. */
describe('a service of one region and two zones', { skip: missing('ffmpeg', 'nginx', 'memcached'), timeout: 600_000 }, () => {
  let service: Service;
  let titleId = '';
  let remove: () => Promise<void>;

  before(async () => {
    const temporary = await temporaryFolder();
    remove = temporary.remove;
    service = await startService({ folder: `${temporary.folder}/state`, shape: { regions: 1, zones: 2 } });
    ({ titleId } = await addFilm(service, await makeSmallFilm(temporary.folder, FILM_SECONDS), 'Film of two zones'));
  });
  after(async () => {
    await service?.stop();
    await remove?.();
  });

  const members = async (): Promise<readonly Member[]> => {
    const { stdout } = await runCommand(service, 'status', '--json').end;
    return JSON.parse(stdout) as readonly Member[];
  };
  const member = async (name: string): Promise<Member> => {
    const found = (await members()).find(({ place }) => place.name === name);
    assert(found !== undefined, `${name} is part of it`);
    return found;
  };
  /** As the app does: asked again when the answer broke off, which nobody in front of the screen sees. */
  const start = async (): Promise<{ sessionId: string; dashPath: string }> => {
    const body = JSON.stringify({ titleId, viewerId: 'viewer-of-two-zones' });
    for (let attempt = 1; ; attempt += 1) {
      const answer = await askDoor(service, 'play', { path: `/${PLAYBACK}/StartSession`, method: 'POST', body });
      if (answer.status >= 500 && attempt < ATTEMPTS_MAX) {
        await pause(ATTEMPT_PAUSE_MS * 2 ** attempt);
        continue;
      }
      const { granted } = JSON.parse(answer.body.toString()) as Started;
      assert(granted !== undefined, `the session is granted: ${answer.status} ${answer.body.toString()}`);
      return granted;
    }
  };
  const wellAgain = (name: string): Promise<Member> =>
    waitFor(`${name} serves again`, BACK_WITHIN_MS, async () => {
      const now = await member(name);
      return now.isWell ? now : undefined;
    });

  it('says of every process that it is well, and is as many as two zones have', async () => {
    const all = await members();
    assert.deepEqual(
      all.filter(({ isWell }) => !isWell),
      [],
    );
    for (const group of ['edge', 'play', 'browse', 'offline', 'memcached', 'discovery'])
      assert.deepEqual(
        all.flatMap(({ place }) => (place.name.endsWith(`-${group}`) ? [place.zone] : [])),
        ['1', '2'],
      );
  });

  it('plays from every delivery server of the region', async () => {
    const { dashPath } = await start();
    const named = await waitFor('all delivery servers to be named', DELIVERABLE_WITHIN_MS, async () => {
      const { body } = await askDoor(service, 'play', { path: dashPath });
      const urls = [...body.toString().matchAll(/<BaseURL[^>]*>([^<]+)<\/BaseURL>/g)].map((match) => match[1] ?? '');
      const bases = new Set(urls.filter((url) => url.startsWith('http://127.1.')));
      return bases.size === APPLIANCES ? { bases, file: urls.find((url) => url.endsWith('.mp4')) ?? '' } : undefined;
    });
    for (const base of named.bases) {
      const { status, body } = await askAppliance(new URL(named.file, base).href, 'bytes=0-99');
      assert.equal(status, 206, base);
      assert.equal(body.length, 100);
    }
  });

  it('loses no request when what plays in one zone is killed', async () => {
    const before = await member('a-1-play');
    const failures: string[] = [];
    const killed = pause(300).then(() => signalAll([before.pid], 'SIGKILL'));
    const untilMs = performance.now() + 4_000;
    const callers = Array.from({ length: CALLERS }, async () => {
      while (performance.now() < untilMs) await start().catch((error: unknown) => failures.push(String(error)));
    });
    await Promise.all([killed, ...callers]);
    assert.deepEqual(failures, []);
    const back = await wellAgain('a-1-play');
    assert.equal(back.deaths, before.deaths + 1);
    assert.notEqual(back.pid, before.pid);
  });

  it('loses no request of a client that stays connected while the gateway that it talks to is restarted', async () => {
    const { place, pid } = await member('a-2-edge');
    const agent = new http.Agent({ keepAlive: true, maxSockets: CALLERS });
    const restarting = runCommand(service, 'restart', 'a-2-edge').end;
    let asked = 0;
    const done = new AbortController();
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!done.signal.aborted) {
        const status = await get(agent, {
          host: place.address,
          port: service.port,
          path: '/',
          headers: { host: `app.localhost:${service.port}` },
        });
        assert.equal(status, 200);
        asked += 1;
      }
    });
    const [{ code, stderr }] = await Promise.all([restarting.finally(() => done.abort()), ...callers]);
    agent.destroy();
    assert.equal(code, 0, stderr);
    assert(asked > CALLERS, 'requests went on all the time');
    const now = await wellAgain('a-2-edge');
    assert.notEqual(now.pid, pid);
    assert.equal(now.deaths, 0);
  });

  it('takes an instance more, and lets it go', async () => {
    const adding = runCommand(service, 'serve', 'playback', 'access', '--region', 'a', '--zone', '2');
    await waitFor('the new instance to serve', BACK_WITHIN_MS, () =>
      adding.output().includes('serving playback, access') ? true : undefined,
    );
    await Promise.all(Array.from({ length: CALLERS }, start));
    adding.kill();
    await adding.end;
    await Promise.all(Array.from({ length: CALLERS }, start));
  });
});

/** As a browser does: a request without a body goes out once more when its connection was closed before anything of the answer came. */
async function get(agent: http.Agent, options: http.RequestOptions): Promise<number> {
  const ask = (): Promise<number | 'closed'> =>
    new Promise((resolve, reject) => {
      const request = http.request({ ...options, agent }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
        response.once('error', reject);
      });
      request.once('error', (error: NodeJS.ErrnoException) =>
        request.reusedSocket && error.code === 'ECONNRESET' ? resolve('closed') : reject(error),
      );
      request.end();
    });
  const first = await ask();
  if (first !== 'closed') return first;
  const second = await ask();
  return second === 'closed' ? 0 : second;
}
