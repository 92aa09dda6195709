import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { MediaFault } from './fault.ts';
import { runGuarded } from './guarded.ts';
import { inputFile, inputOptions } from './input.ts';
import { MEDIA_LIMITS, type ProcessLimits } from './limits.ts';
import { networkCage } from './sandbox.ts';
import { CONTAINERS } from './sniff.ts';

const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? false : 'ffmpeg is not installed';
const GiB = 1024 ** 3;
const ROOMY: ProcessLimits = { wallMs: 60_000, cpuSeconds: 60, memoryBytes: 4 * GiB, fileBytes: GiB };
const ENDLESS = ['-hide_banner', '-nostdin', '-v', 'level+info', '-f', 'lavfi', '-i', 'testsrc2=s=640x360'] as const;

describe('a guarded program', { skip: missing }, () => {
  const started: number[] = [];
  it('is ended by its wall clock', async () => {
    const end = await runGuarded({
      program: 'ffmpeg',
      args: ['-re', ...ENDLESS, '-f', 'null', '-'],
      limits: { ...ROOMY, wallMs: 300 },
    });
    assert.equal(end.kind === 'limit' && end.limit, 'wall');
  });

  it('is ended by its CPU limit, and says that it was that', async () => {
    const end = await runGuarded({ program: 'ffmpeg', args: [...ENDLESS, '-f', 'null', '-'], limits: { ...ROOMY, cpuSeconds: 1 } });
    assert.equal(end.kind === 'limit' && end.limit, 'cpu');
  });

  it('is ended when its memory is used up', async () => {
    const huge = ['-f', 'lavfi', '-i', 'color=s=8000x8000', '-frames:v', '8', '-c:v', 'libx264', '-f', 'null', '-'];
    const end = await runGuarded({
      program: 'ffmpeg',
      args: ['-nostdin', '-v', 'level+error', ...huge],
      limits: { ...ROOMY, memoryBytes: 600 * 1024 ** 2 },
    });
    assert.equal(end.kind === 'limit' && end.limit, 'memory');
  });

  it('cannot write a larger file than allowed', async () => {
    const folder = await mkdtemp(join(os.tmpdir(), 'bioscope-guard-'));
    try {
      const end = await runGuarded({
        program: 'ffmpeg',
        args: [...ENDLESS, '-c:v', 'rawvideo', '-f', 'rawvideo', join(folder, 'large')],
        limits: { ...ROOMY, fileBytes: 1_000_000 },
      });
      assert.equal(end.kind === 'limit' && end.limit, 'file');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends when the caller gives up, and rejects with the reason', async () => {
    const abort = new AbortController();
    const reason = new Error('the viewer left');
    let pid = 0;
    const running = runGuarded({
      program: 'ffmpeg',
      args: ['-progress', 'pipe:1', '-re', ...ENDLESS, '-f', 'null', '-'],
      limits: ROOMY,
      signal: abort.signal,
      onStart: (started) => (pid = started),
      onLine: () => abort.abort(reason),
    });
    await assert.rejects(running, reason);
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
  });

  it('is a fault that may be retried when something else killed it', async () => {
    await assert.rejects(
      runGuarded({
        program: 'ffmpeg',
        args: ['-progress', 'pipe:1', '-re', ...ENDLESS, '-f', 'null', '-'],
        limits: ROOMY,
        onStart: (pid) => process.kill(pid, 'SIGKILL'),
      }),
      (fault: unknown) => fault instanceof MediaFault && fault.code === 'MEDIA_PROGRAM_KILLED' && fault.retry,
    );
  });

  it('ends with a reader that throws', async () => {
    await assert.rejects(
      runGuarded({
        program: 'ffmpeg',
        args: ['-progress', 'pipe:1', '-re', ...ENDLESS, '-f', 'null', '-'],
        limits: ROOMY,
        onLine() {
          throw new RangeError('enough');
        },
      }),
      /enough/,
    );
  });

  it('carries its limits', async () => {
    let limits = '';
    await runGuarded({
      program: 'ffmpeg',
      args: ['-progress', 'pipe:1', '-re', ...ENDLESS, '-t', '0.2', '-f', 'null', '-'],
      limits: ROOMY,
      onStart: (pid) => started.push(pid),
      // By the time of its first line the chain of execs has ended in ffmpeg itself.
      onLine: () => (limits ||= readFileSync(`/proc/${started[0]}/limits`, 'utf8')),
    });
    assert.match(limits, new RegExp(`Max address space +${4 * GiB} `));
    assert.match(limits, /Max cpu time +60 /);
    assert.match(limits, /Max core file size +0 /);
  });

  it(
    'has no network, where the kernel lets us take it away',
    { skip: networkCage().length === 0 && 'no right to make namespaces' },
    async () => {
      await using server = await listener();
      const end = await runGuarded({ program: 'ffprobe', args: ['-v', 'level+error', '-i', server.url], limits: ROOMY });
      assert.equal(end.kind, 'failed');
      assert.equal(server.calls(), 0);
    },
  );
});

describe('the options before an input', { skip: missing }, () => {
  it('keep a playlist from being followed, whatever container it claims, with no other guard', async () => {
    await using server = await listener();
    const folder = await mkdtemp(join(os.tmpdir(), 'bioscope-input-'));
    try {
      const playlist = join(folder, 'film.mp4');
      await writeFile(playlist, `#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n${server.url}\n#EXT-X-ENDLIST\n`);
      // The planted case: without our options ffprobe does read it as a playlist.
      const bare = spawnSync('ffprobe', ['-v', 'error', '-i', playlist], { encoding: 'utf8' });
      assert.match(bare.stderr, /not on whitelist|playlist|hls/i);
      for (const container of CONTAINERS) {
        const probe = spawnSync('ffprobe', ['-v', 'error', ...inputOptions(container, MEDIA_LIMITS), '-i', inputFile(playlist)], {
          encoding: 'utf8',
        });
        assert.doesNotMatch(probe.stderr, /not on whitelist|hls/i, container);
      }
      assert.equal(server.calls(), 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function listener(): Promise<AsyncDisposable & { readonly url: string; calls(): number }> {
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/film.mp4`,
    calls: () => calls,
    async [Symbol.asyncDispose]() {
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
