import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { readConfig } from '../src/config.ts';
import { startByteServer, type TokenKeySet } from '../src/nginx/byte-server.ts';
import { eventually, freePort, KEYS, QUIET, withFolder } from './harness.ts';

const ADDRESS = '127.0.0.1';
const TRIES = 5;

describe('keys that come while nginx is starting', () => {
  it('are taken without ending it', async () => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      await withFolder(async (folder) => {
        const files = join(folder, 'files');
        await mkdir(files);
        const place = { id: 'early', site: 'here', zone: 'a', region: 'local', folder, address: ADDRESS, port: await freePort(ADDRESS) };
        const config = readConfig(place, process.env);
        const server = await startByteServer({
          name: 'nginx-early',
          settings: { ...config, folder: join(folder, 'nginx'), filesFolder: files },
          keys: keySet('first'),
          environment: process.env,
          logs: { bytesMax: 1_000_000, kept: 1 },
          log: QUIET,
        });
        let ends = 0;
        server.onChange(() => (ends += 1));
        try {
          await server.useKeys(keySet('second'));
          await eventually('the second keys in force', async () => {
            const probe = await server.probe();
            return probe.kind === 'well' && probe.status.keysVersion === 'second';
          });
          assert.equal(ends, 0, 'nginx ended, or was started again');
        } finally {
          await server.stop();
        }
      });
    }
  });
});

function keySet(version: string): TokenKeySet {
  return { version, keys: KEYS };
}
