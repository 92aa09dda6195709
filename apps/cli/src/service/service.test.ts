import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openLogFile } from './log-file.ts';
import { choosePorts } from './ports.ts';

describe('the ports of a service', () => {
  it('are found free when any will do, for the gateway and all delivery servers', async () => {
    const { gateway, cdn } = await choosePorts({ gateway: 0, cdn: undefined });
    assert.ok(gateway > 0);
    assert.equal(cdn, gateway + 1);
  });

  it('are refused with the option to change when one is taken', async () => {
    for (const [address, said] of [
      ['127.0.0.1', /^port \d+ is in use: choose another with --port N$/],
      ['127.0.0.3', /^port \d+ of the delivery servers .* is in use: choose others with --port N or BIOSCOPE_CDN_PORT$/],
    ] as const) {
      const free = await choosePorts({ gateway: 0, cdn: undefined });
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(address === '127.0.0.1' ? free.gateway : free.cdn, address, resolve));
      await assert.rejects(choosePorts(free), { message: said });
      server.close();
    }
  });

  it('must differ and exist', async () => {
    await assert.rejects(choosePorts({ gateway: 65_535, cdn: undefined }), /which does not exist/);
    await assert.rejects(choosePorts({ gateway: 18_080, cdn: 18_080 }), /two different ports/);
  });
});

describe('the log file', () => {
  it('appends, begins anew when it is full, and keeps the one before', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bioscope-log-'));
    try {
      const file = join(folder, 'logs', 'x.log');
      const first = openLogFile(file, 20);
      first.write('one 23456789\n');
      first.close();
      const log = openLogFile(file, 20);
      for (const line of ['two 23456789\n', 'three\n']) log.write(line);
      log.close();
      log.write('after the end\n');
      assert.equal(readFileSync(`${file}.1`, 'utf8'), 'one 23456789\ntwo 23456789\n');
      assert.equal(readFileSync(file, 'utf8'), 'three\n');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
