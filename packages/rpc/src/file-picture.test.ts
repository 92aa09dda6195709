import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTelemetry } from '@bioscope/telemetry';
import { openFilePicture, parseInstances } from './file-picture.ts';

async function tempFile(test: TestContext): Promise<{ path: string; write: (content: unknown) => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-picture-'));
  test.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'instances.json');
  const write = async (content: unknown): Promise<void> => {
    await writeFile(`${path}.new`, typeof content === 'string' ? content : JSON.stringify(content));
    await rename(`${path}.new`, path);
  };
  return { path, write };
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 8_000;
  while (!condition()) {
    assert(performance.now() < end, 'in vain waited');
    await sleep(5);
  }
}

describe('a picture from a file', () => {
  it('follows the file, and stays as it was while the file is wrong or gone', async (test) => {
    const { path, write } = await tempFile(test);
    const lines: string[] = [];
    const { log } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: (line: string) => void lines.push(line) } });
    await write([{ service: 'playback', address: '10.0.0.7:4000', zone: '1', region: 'a' }]);
    const picture = await openFilePicture({ path, log, checkEveryMs: 5 });
    test.after(() => picture.close());
    const [first] = picture.instances('playback');
    assert.deepEqual([first?.address, first?.zone, first?.region], ['10.0.0.7:4000', '1', 'a']);

    await write('[{"service": "playb');
    await until(() => lines.length === 1);
    await rm(path);
    await until(() => lines.length === 2);
    assert.equal(picture.instances('playback').length, 1);

    await write([{ service: 'playback', address: '10.0.0.8:4000' }]);
    await until(() => picture.instances('playback')[0]?.address === '10.0.0.8:4000');
  });

  it('is refused at the start when there is no such file', async (test) => {
    const { path } = await tempFile(test);
    const { log } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
    await assert.rejects(openFilePicture({ path, log }), { code: 'ENOENT' });
  });

  it('names the entry and the field that are wrong', () => {
    const good = { service: 'playback', address: '10.0.0.7:4000' };
    const wrong = (entry: unknown): string => JSON.stringify([good, entry]);
    assert.equal(parseInstances(JSON.stringify([good, { ...good, address: '[::1]:80' }])).length, 2);
    assert.throws(() => parseInstances(wrong({ ...good, address: '10.0.0.7' })), /^Error: instance 2: address /);
    assert.throws(() => parseInstances(wrong({ address: good.address })), /^Error: instance 2: service /);
    assert.throws(() => parseInstances(wrong({ ...good, zone: 7 })), /^Error: instance 2: zone /);
    assert.throws(() => parseInstances(wrong(null)), /^Error: instance 2: /);
    assert.throws(() => parseInstances('{}'), /must be a JSON list/);
  });
});
