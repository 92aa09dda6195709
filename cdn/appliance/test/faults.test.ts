import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { open, readFile, readdir, rm, stat, utimes } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { signSegmentToken, type SegmentTokenKey } from '@bioscope/control/contract';
import {
  eventually,
  fakeControl,
  fakeOrigin,
  fileOf,
  freePort,
  KEYS,
  startTestAppliance,
  withFolder,
  type FakeControl,
} from './harness.ts';

const HEALTHY = (control: FakeControl, id: string, editions: number) => () => {
  const heard = control.heard.get(id);
  return heard?.healthy === true && heard.editions.length === editions;
};

async function changeOneByte(path: string, keepTime: boolean): Promise<void> {
  const { atime, mtime } = await stat(path);
  const handle = await open(path, 'r+');
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 1_000);
    await handle.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 1_000);
  } finally {
    await handle.close();
  }
  if (keepTime) await utimes(path, atime, mtime);
}

describe('an appliance in trouble', () => {
  it('reports a killed nginx within two seconds and starts it again', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder });
      try {
        await eventually('healthy', HEALTHY(control, 'a1', 0));
        const master = Number(await readFile(join(folder, 'nginx', 'nginx.pid'), 'utf8'));
        const killedAt = performance.now();
        process.kill(master, 'SIGKILL');
        await eventually('reported as ill', () => control.heard.get('a1')?.healthy === false, 2_000);
        assert(performance.now() - killedAt < 2_000);
        assert.deepEqual(control.heard.get('a1')?.troubles, ['nginx is down']);
        await eventually('healthy again', HEALTHY(control, 'a1', 0));
        assert.notEqual(Number(await readFile(join(folder, 'nginx', 'nginx.pid'), 'utf8')), master);
      } finally {
        await server.stop();
      }
    }));

  it('says that its port is taken, and serves once it is free', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const port = await freePort('127.0.0.2');
      const other = createServer((socket) => socket.destroy());
      await new Promise<void>((resolve) => other.listen(port, '127.0.0.2', resolve));
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder, port });
      try {
        const trouble = `port 127.0.0.2:${port} is in use by another program`;
        await eventually('the trouble is reported', () => control.heard.get('a1')?.troubles.includes(trouble));
        assert.equal(control.heard.get('a1')?.healthy, false);
        await new Promise((resolve) => other.close(resolve));
        await eventually('healthy', HEALTHY(control, 'a1', 0), 20_000);
        assert.deepEqual(control.heard.get('a1')?.troubles, []);
      } finally {
        other.close();
        await server.stop();
      }
    }));

  const damages: { name: string; trouble: RegExp; harm: (path: string) => Promise<void> }[] = [
    { name: 'a file changed on disk', trouble: /^corrupt file 240p\.mp4/, harm: (path) => changeOneByte(path, false) },
    {
      name: 'a file that rotted without a trace in size or time',
      trouble: /^corrupt file 240p\.mp4/,
      harm: (path) => changeOneByte(path, true),
    },
    { name: 'a file that vanished', trouble: /^missing file 240p\.mp4/, harm: (path) => rm(path) },
  ];
  for (const { name, trouble, harm } of damages) {
    it(`notices ${name}, reports it and fetches it again`, () =>
      withFolder(async (folder) => {
        const [control, origin] = [fakeControl(), fakeOrigin()];
        const film = fileOf('240p.mp4', 200_000);
        origin.put('e1', film);
        control.hold('e1', [film]);
        const server = await startTestAppliance(
          { control, origin },
          { id: 'a1', folder },
          { scrubLookEveryMs: 50, scrubRestMs: 50, fillRetryFirstMs: 50 },
        );
        try {
          await eventually('held', HEALTHY(control, 'a1', 1));
          origin.isGone = true;
          const path = join(folder, 'files', 'e1', film.name);
          await harm(path);
          const ill = await eventually('reported as not held', () => {
            const heard = control.heard.get('a1');
            return heard?.editions.length === 0 ? heard : null;
          });
          assert.equal(ill.healthy, true, 'it still serves everything else');
          assert(
            ill.troubles.some((each) => trouble.test(each)),
            ill.troubles.join('; '),
          );
          await eventually('the bad file is not served', async () => (await fetch(server.signed('e1', film.name))).status === 404);
          origin.isGone = false;
          await eventually('held again', HEALTHY(control, 'a1', 1));
          await eventually('no trouble left', () => control.heard.get('a1')?.troubles.length === 0);
          // nginx keeps missing files in mind as little as it keeps open ones: two seconds.
          const served = await eventually('served again', async () => {
            const answer = await fetch(server.signed('e1', film.name));
            return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : null;
          });
          assert(served.equals(film.content));
          const quarantined = await readdir(join(folder, 'quarantine'));
          assert.equal(quarantined.length, name.includes('vanished') ? 0 : 1);
        } finally {
          await server.stop();
        }
      }));
  }

  it('takes new keys without breaking a transfer, and accepts the old key beside the new one', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 24 * 1024 * 1024);
      origin.put('e1', film);
      control.hold('e1', [film]);
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder });
      try {
        await eventually('held', HEALTHY(control, 'a1', 1));
        const slow = await begin(server.signed('e1', film.name));
        const fresh = { id: 'k2', secret: Uint8Array.from({ length: 32 }, () => 7) };
        const address = (key: SegmentTokenKey) => {
          const token = signSegmentToken(key, { editionId: 'e1', sessionId: 's', expiresAtMs: Date.now() + 60_000 });
          return `${server.baseUrl}/t/${token}/e1/${film.name}`;
        };
        assert.equal((await fetch(address(fresh), { method: 'HEAD' })).status, 403);
        control.keys = { version: 'k1.k2*', keys: [...KEYS.map((key) => ({ ...key, active: false })), { ...fresh, active: true }] };
        await eventually('the new key is accepted', async () => (await fetch(address(fresh), { method: 'HEAD' })).status === 200);
        assert.equal((await fetch(server.signed('e1', film.name), { method: 'HEAD' })).status, 200, 'the old key');
        assert((await finish(slow)).equals(film.content), 'the transfer that was under way');

        control.keys = { version: 'k2*', keys: [{ ...fresh, active: true }] };
        await eventually(
          'the old key is refused',
          async () => (await fetch(server.signed('e1', film.name), { method: 'HEAD' })).status === 403,
        );
        assert.equal((await fetch(address(fresh), { method: 'HEAD' })).status, 200);
      } finally {
        await server.stop();
      }
    }));

  it('serves after a restart without control, with the last keys and plan', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const film = fileOf('240p.mp4', 100_000);
      origin.put('e1', film);
      control.hold('e1', [film]);
      const first = await startTestAppliance({ control, origin }, { id: 'a1', folder });
      await eventually('held', HEALTHY(control, 'a1', 1));
      await first.stop();
      control.isGone = true;
      origin.isGone = true;
      const second = await startTestAppliance({ control, origin }, { id: 'a1', folder });
      try {
        await eventually('serves', async () => (await fetch(second.signed('e1', film.name)).catch(() => null))?.status === 200);
        await eventually('without a trouble', () => second.troubles().length === 0);
      } finally {
        await second.stop();
      }
    }));

  it('refuses settings it cannot work with, naming all of them', async () => {
    const bad = { id: 'A 1', folder: 'relative', address: 'localhost', port: 70_000, workers: 0 };
    await assert.rejects(startTestAppliance({ control: fakeControl(), origin: fakeOrigin() }, bad), (error: Error) => {
      for (const field of ['id', 'folder', 'address', 'port', 'workers']) assert.match(error.message, new RegExp(`${field} `));
      return true;
    });
  });

  it('leaves nothing running when it stops', () =>
    withFolder(async (folder) => {
      const [control, origin] = [fakeControl(), fakeOrigin()];
      const server = await startTestAppliance({ control, origin }, { id: 'a1', folder });
      await eventually('healthy', HEALTHY(control, 'a1', 0));
      const master = Number(await readFile(join(folder, 'nginx', 'nginx.pid'), 'utf8'));
      await server.stop();
      assert.throws(() => process.kill(master, 0), { code: 'ESRCH' });
      await assert.rejects(fetch(server.baseUrl));
    }));
});

/** Asks for a file and reads nothing yet: with the buffers full, nginx has to wait in the middle of it. */
function begin(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, resolve).on('error', reject);
  });
}

async function finish(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
