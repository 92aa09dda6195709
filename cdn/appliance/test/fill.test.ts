import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  eventually,
  fakeControl,
  fakeOrigin,
  fileOf,
  seededFile,
  startTestAppliance,
  withFolder,
  type FakeControl,
  type TestAppliance,
} from './harness.ts';

const QUICK = { fillRetryFirstMs: 50, fillRetryMaxMs: 200, fillStallMs: 500 };

const holds = (control: FakeControl, id: string, editionId: string) => () => {
  const heard = control.heard.get(id);
  return heard?.healthy === true && heard.editions.includes(editionId);
};

async function stopAll(...appliances: (TestAppliance | undefined)[]): Promise<void> {
  for (const appliance of appliances) await appliance?.stop();
}

describe('an appliance filling itself', () => {
  it('fetches the smallest files first and reports how far it is', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const files = [fileOf('1080p.mp4', 500_000), fileOf('240p.mp4', 90_000), fileOf('en.vtt', 100)];
      for (const file of files) origin.put('e1', file);
      const blocked = Promise.withResolvers<void>();
      origin.beforePiece = (path) => (path.endsWith('1080p.mp4') ? blocked.promise : Promise.resolve());
      control.hold('e1', files);
      const server = await startTestAppliance(
        { control, origin },
        { id: 'a1', folder, fillParallelMax: 1 },
        { ...QUICK, fillStallMs: 10_000 },
      );
      try {
        await eventually('the small files are held', () => {
          const heard = control.heard.get('a1');
          return heard?.healthy === true && heard.fillingBytes['e1'] === 90_100;
        });
        assert.deepEqual(
          origin.asked.map(({ path }) => path.split('/').at(-1)),
          ['en.vtt', '240p.mp4', '1080p.mp4'],
        );
        assert.equal((await fetch(server.signed('e1', '1080p.mp4'))).status, 404, 'a file under way is not served');
        blocked.resolve();
        await eventually('all held', holds(control, 'a1', 'e1'));
        assert.deepEqual(control.heard.get('a1')?.fillingBytes, {});
        const etags = await fetch(server.signed('e1', '240p.mp4'), { method: 'HEAD' });
        assert(etags.headers.get('etag'));
      } finally {
        blocked.resolve();
        await stopAll(server);
      }
    }));

  it('fills from a peer when the origin is gone, and answers the same ETag', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 400_000);
      origin.put('e1', film);
      control.hold('e1', [film]);
      const first = await startTestAppliance({ control, origin }, { id: 'a1', folder: join(folder, 'a1') }, QUICK);
      let second: TestAppliance | undefined;
      try {
        await eventually('the first holds it', holds(control, 'a1', 'e1'));
        origin.isGone = true;
        const askedBefore = origin.asked.length;
        second = await startTestAppliance({ control, origin }, { id: 'a2', folder: join(folder, 'a2'), address: '127.0.0.3' }, QUICK);
        await eventually('the second holds it', holds(control, 'a2', 'e1'));
        assert.equal(origin.asked.length, askedBefore, 'the origin was not needed');
        const [one, other] = await Promise.all([fetch(first.signed('e1', film.name)), fetch(second.signed('e1', film.name))]);
        assert(Buffer.from(await other.arrayBuffer()).equals(film.content));
        assert.equal(one.headers.get('etag'), other.headers.get('etag'));
      } finally {
        await stopAll(first, second);
      }
    }));

  it('goes on to the origin when a peer sends wrong bytes', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 400_000);
      origin.put('e1', film);
      control.hold('e1', [film]);
      const first = await startTestAppliance(
        { control, origin },
        { id: 'a1', folder: join(folder, 'a1') },
        { scrubLookEveryMs: 3_600_000 },
      );
      let second: TestAppliance | undefined;
      try {
        await eventually('the first holds it', holds(control, 'a1', 'e1'));
        // Rewritten in place, so that nginx serves it, and not yet noticed.
        await writeFile(join(folder, 'a1', 'files', 'e1', film.name), Buffer.alloc(film.bytes));
        const askedBefore = origin.asked.length;
        second = await startTestAppliance({ control, origin }, { id: 'a2', folder: join(folder, 'a2'), address: '127.0.0.3' }, QUICK);
        await eventually('the second holds it', holds(control, 'a2', 'e1'));
        assert.equal(origin.asked.length, askedBefore + 1);
        assert((await readFile(join(folder, 'a2', 'files', 'e1', film.name))).equals(film.content));
      } finally {
        await stopAll(first, second);
      }
    }));

  it('never puts wrong bytes in place, says why, and takes right ones later', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 100_000);
      origin.put('e1', { ...film, content: Buffer.alloc(film.bytes) });
      control.hold('e1', [film]);
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder }, QUICK);
      try {
        await eventually('the reason is reported', () =>
          control.heard
            .get('a1')
            ?.troubles.some((each) => each.startsWith('cannot fetch e1/240p.mp4: the origin: sent bytes with the checksum')),
        );
        assert.deepEqual(await readdir(join(folder, 'files')), []);
        origin.put('e1', film);
        await eventually('held', holds(control, 'a1', 'e1'));
        await eventually('no trouble left', () => control.heard.get('a1')?.troubles.length === 0);
      } finally {
        await stopAll(server);
      }
    }));

  it('leaves a source that falls silent, and resumes where it stopped', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 400_000);
      origin.put('e1', film);
      let silences = 0;
      origin.beforePiece = (_, piece) => (piece >= 3 && silences++ === 0 ? new Promise(() => undefined) : Promise.resolve());
      control.hold('e1', [film]);
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder }, QUICK);
      try {
        await eventually('held', holds(control, 'a1', 'e1'));
        assert.deepEqual(
          origin.asked.map(({ range }) => range),
          [undefined, `bytes=${3 * 65_536}-`],
        );
      } finally {
        await stopAll(server);
      }
    }));

  it('resumes a download that kill -9 interrupted', () =>
    withFolder(async (folder) => {
      const program = join(import.meta.dirname, 'appliance-to-kill.ts');
      const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      try {
        const [line] = (await once(child.stdout, 'data')) as [Buffer];
        assert.match(line.toString(), /half way/);
      } finally {
        child.kill('SIGKILL');
      }
      await once(child, 'exit');
      const { size } = await stat(join(folder, 'partial', 'e1', '240p.mp4'));
      assert(size >= 6 * 65_536, String(size));

      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = seededFile('240p.mp4', 1_000_000);
      origin.put('e1', film);
      control.hold('e1', [film]);
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder }, QUICK);
      try {
        await eventually('held', holds(control, 'a1', 'e1'));
        assert.equal(origin.asked.length, 1);
        assert.equal(origin.asked[0]?.range, `bytes=${size}-`);
        assert((await readFile(join(folder, 'files', 'e1', film.name))).equals(film.content));
      } finally {
        await stopAll(server);
      }
    }));

  it('goes on when a full disk has room again', { skip: canMount() ? false : 'needs the right to mount a tmpfs' }, () =>
    withFolder(async (folder) => {
      const disk = join(folder, 'disk');
      await mkdir(disk);
      mount(disk, 4 * 1024 * 1024);
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 2 * 1024 * 1024);
      origin.put('e1', film);
      const ballast = join(disk, 'ballast');
      let isFilled = false;
      // It fits when the download begins; then somebody else fills the disk: only writing shows it.
      origin.beforePiece = async (_, piece) => {
        if (piece !== 4 || isFilled) return;
        isFilled = true;
        await writeFile(ballast, Buffer.alloc(4 * 1024 * 1024)).catch(() => undefined);
      };
      control.hold('e1', [film]);
      let server: TestAppliance | undefined;
      try {
        server = await startTestAppliance({ control, origin }, { id: 'a1', folder: disk }, QUICK);
        const ill = await eventually('a full disk is reported by an appliance that still serves', () => {
          const heard = control.heard.get('a1');
          return heard?.healthy === true && heard.troubles.includes('disk full') ? heard : null;
        });
        assert.deepEqual(ill.editions, []);
        assert((await stat(join(disk, 'partial', 'e1', film.name))).size < film.bytes);
        await rm(ballast);
        await eventually('held', holds(control, 'a1', 'e1'));
        await eventually('no trouble left', () => control.heard.get('a1')?.troubles.length === 0);
      } finally {
        await stopAll(server);
        unmount(disk);
      }
    }),
  );

  it('stays within the bytes it may use, and below the reserve', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const [small, large] = [fileOf('240p.mp4', 100_000), fileOf('1080p.mp4', 200_000)];
      for (const file of [small, large]) origin.put('e1', file);
      control.hold('e1', [small, large]);
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder, bytesMax: 320_000, reserveBytes: 30_000 }, QUICK);
      try {
        const full = await eventually('full', () => {
          const heard = control.heard.get('a1');
          return heard?.troubles.includes('disk full') === true && heard.fillingBytes['e1'] === small.bytes ? heard : null;
        });
        assert.equal(full.diskTotalBytes, 320_000);
        assert.equal(full.diskFreeBytes, 220_000);
        assert(!origin.asked.some(({ path }) => path.endsWith('1080p.mp4')), 'what does not fit is not begun');
        control.release('e1');
        control.hold('e2', [large]);
        origin.put('e2', large);
        await eventually('the other edition has taken its place', holds(control, 'a1', 'e2'));
        await eventually('the released one is gone', async () => !(await readdir(join(folder, 'files'))).includes('e1'));
      } finally {
        await stopAll(server);
      }
    }));

  it('serves a released edition for the grace time, then deletes it', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 1_000);
      origin.put('e1', film);
      control.hold('e1', [film]);
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder, graceMs: 1_500 }, QUICK);
      try {
        await eventually('held', holds(control, 'a1', 'e1'));
        control.release('e1');
        await eventually('no longer reported', () => control.heard.get('a1')?.editions.length === 0);
        assert.equal((await fetch(server.signed('e1', film.name))).status, 200);
        await eventually('deleted', async () => (await readdir(join(folder, 'files'))).length === 0);
        await eventually('not served', async () => (await fetch(server.signed('e1', film.name))).status === 404);
      } finally {
        await stopAll(server);
      }
    }));

  it('keeps to its rate', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 600_000);
      origin.put('e1', film);
      control.hold('e1', [film]);
      const beganAt = performance.now();
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder, fillBytesPerSecondMax: 600_000 }, QUICK);
      try {
        await eventually('held', holds(control, 'a1', 'e1'));
        // A second for everything, less the quarter that may run ahead.
        assert(performance.now() - beganAt >= 750);
      } finally {
        await stopAll(server);
      }
    }));
});

function canMount(): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
}

function mount(folder: string, bytes: number): void {
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  assert.equal(status, 0, String(stderr));
}

function unmount(folder: string): void {
  assert.equal(spawnSync('umount', ['--lazy', folder]).status, 0);
}
