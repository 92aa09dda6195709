import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startS3 } from '../src/index.ts';
import { engineMissing } from '../src/testing/index.ts';
import { processesOn } from './processes-on.ts';
import { until } from './until.ts';

describe('a process that started an engine and is killed', { skip: engineMissing('s3') }, () => {
  it('takes the engine with it, and the next start removes its temporary folder', async () => {
    const starter = spawn(process.execPath, [join(import.meta.dirname, 'starter-to-kill.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = await new Promise<string>((resolve, reject) => {
      starter.stdout.once('data', (bytes: Buffer) => resolve(String(bytes)));
      starter.once('exit', () => reject(new Error('the starter ended')));
    });
    const { folder } = JSON.parse(said) as { folder: string };
    assert.equal(processesOn(folder).length, 1);
    const gone = once(starter, 'exit');
    starter.kill('SIGKILL');
    assert.ok(await until(() => processesOn(folder).length === 0, 5_000), 'the server outlives its starter');
    // Its threads end one by one: the lock on the folder may fall after the server.
    await gone;

    assert.ok(existsSync(folder));
    // Young folders are left alone, because their owner may just be about to lock them.
    utimesSync(folder, new Date(0), new Date(0));
    const next = await startS3();
    await next.stop();
    assert.equal(existsSync(folder), false);
  });
});
