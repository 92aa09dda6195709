import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.ts';
import { openSecrets, readSecrets } from './secrets.ts';
import { makeStateFolder } from './state-folder.ts';
import { isStateLocked, takeStateLock } from './state-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bioscope-state-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RUN = {
  pid: 1,
  version: '0',
  startedAtMs: 0,
  host: 'localhost',
  port: 1,
  cdnPort: 2,
  app: 'http://app.localhost:1',
  api: 'http://api.localhost:1',
  play: 'http://play.localhost:1',
  operations: '127.0.0.1:3',
};

describe('the lock of a state folder', () => {
  it('is held by one at a time', () => {
    const lock = takeStateLock(folder);
    assert.notEqual(lock, null);
    assert.equal(isStateLocked(folder), true);
    assert.equal(takeStateLock(folder), null);
    lock?.release();
    assert.equal(isStateLocked(folder), false);
    const again = takeStateLock(folder);
    assert.notEqual(again, null);
    again?.release();
  });

  it('ends with a process that is killed', async () => {
    const source = JSON.stringify(new URL('./state-lock.ts', import.meta.url).href);
    const program = `const { takeStateLock } = await import(${source}); globalThis.lock = takeStateLock(${JSON.stringify(folder)}); console.log(globalThis.lock !== null); setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const said = await new Promise<string>((resolve) => holder.stdout.once('data', (text: Buffer) => resolve(String(text))));
      assert.equal(said, 'true\n');
      assert.equal(isStateLocked(folder), true);
      assert.equal(takeStateLock(folder), null);
    } finally {
      const gone = new Promise((resolve) => holder.once('exit', resolve));
      holder.kill('SIGKILL');
      await gone;
    }
    assert.equal(isStateLocked(folder), false);
  });

  it('is not held where nothing ever ran', () => assert.equal(isStateLocked(join(folder, 'nowhere')), false));
});

describe('the run file', () => {
  it('counts only while its process holds the lock', () => {
    writeRunFile(folder, RUN);
    assert.equal(readRunFile(folder), null);
    const lock = takeStateLock(folder);
    assert.deepEqual(readRunFile(folder), RUN);
    writeFileSync(join(folder, 'run.json'), '{"pid":');
    assert.equal(readRunFile(folder), null);
    removeRunFile(folder);
    assert.equal(readRunFile(folder), null);
    lock?.release();
  });
});

describe('secrets', () => {
  it('are made once, for their owner only', () => {
    assert.equal(readSecrets(folder), null);
    const made = openSecrets(folder);
    assert.match(made.rootSecret, /^[0-9a-f]{64}$/);
    assert.ok(made.operatorToken.length >= 32);
    assert.deepEqual(openSecrets(folder), made);
    assert.equal(statSync(join(folder, 'secrets.json')).mode & 0o777, 0o600);
  });

  it('are never silently replaced when the file is damaged', () => {
    openSecrets(folder);
    for (const damage of ['', '{', '{"operatorToken":"short","rootSecret":"00"}']) {
      writeFileSync(join(folder, 'secrets.json'), damage);
      assert.throws(() => openSecrets(folder), /secrets\.json is damaged/);
    }
  });
});

describe('the state folder', () => {
  it('is made for its owner only, also when it was there before', () => {
    makeStateFolder(join(folder, 'a', 'b'));
    assert.equal(statSync(join(folder, 'a', 'b')).mode & 0o777, 0o700);
  });

  it('is refused when it is a file', () => {
    writeFileSync(join(folder, 'file'), '');
    assert.throws(() => makeStateFolder(join(folder, 'file')), /cannot use the state folder .*choose another with --data DIR/);
  });
});
