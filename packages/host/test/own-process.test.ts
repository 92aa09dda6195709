import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { until } from './family.ts';

/** Runs a process that hosts one unit and hands over its output, exit code and a way to signal it. */
async function run(unitBody: string, drive: (child: ReturnType<typeof spawn>, output: () => string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-own-'));
  const file = join(folder, 'process.mjs');
  const source = new URL('../src/index.ts', import.meta.url).href;
  await writeFile(
    file,
    `import { startHost, unit } from ${JSON.stringify(source)};
await startHost({ name: 'demo', environment: { BIOSCOPE_LOG_FORMAT: 'json' }, ownsProcess: true, drainDeadlineMs: 60000,
  units: [unit({ name: 'only', needs: {}, gives: {}, start: async (_, context) => { const timer = setInterval(() => {}, 1000); ${unitBody} } })] });
console.log('started');`,
  );
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  try {
    await drive(child, () => output);
    return { code: await closed, output };
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a host that owns its process', () => {
  it('drains on SIGTERM and then lets the process end with code 0', async () => {
    const body = `return { gives: {}, drain: async () => console.log('drained'), stop: async () => { clearInterval(timer); console.log('stopped'); } };`;
    const { code, output } = await run(body, async (child, text) => {
      await until('started', () => text().includes('started'));
      child.kill('SIGTERM');
    });
    assert.equal(code, 0);
    assert.match(output, /drained\nstopped\n/);
  });

  it('ends at once on the second signal', async () => {
    const body = `return { gives: {}, drain: () => { console.log('draining'); return new Promise(() => {}); } };`;
    const { code } = await run(body, async (child, text) => {
      await until('started', () => text().includes('started'));
      child.kill('SIGINT');
      await until('draining', () => text().includes('draining'));
      child.kill('SIGINT');
    });
    assert.equal(code, 130);
  });

  for (const [what, crash] of Object.entries({
    'a unit crashes': `setTimeout(() => context.crash(new Error('the store is corrupt')), 20);`,
    'an exception is not caught': `setTimeout(() => { throw new Error('the store is corrupt'); }, 20);`,
    'a rejection is not handled': `setTimeout(() => { Promise.reject(new Error('the store is corrupt')); }, 20);`,
  })) {
    it(`exits with code 1 and the reason as its last line when ${what}`, async () => {
      const { code, output } = await run(`${crash} return { gives: {} };`, async () => {});
      assert.equal(code, 1);
      const last = output.trimEnd().split('\n').at(-1);
      assert.match(last ?? '', /^demo: (?:only|process) crashed: the store is corrupt$/);
    });
  }
});
