import type { HttpContext, HttpHandler, Rpc, RpcHost } from '@bioscope/rpc';
import type { UnitContext } from '@bioscope/host';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { consoleUnit } from './service.ts';

it('the console unit serves its app over its mount, to the gateway only', async (test) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-console-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, 'index.html'), '<title>Console</title>');

  const mounts: { prefix: string; handler: HttpHandler; allowed: readonly string[] }[] = [];
  const rpc: Pick<Rpc, 'mount'> = { mount: (prefix, handler, allowed) => void mounts.push({ prefix, handler, allowed }) };
  const host = { as: () => rpc } as unknown as RpcHost;
  const context = { environment: { BIOSCOPE_CONSOLE_FOLDER: folder }, log: { info: () => undefined } } as unknown as UnitContext;
  await consoleUnit.start({ rpc: host }, context);

  const [mount] = mounts;
  assert.ok(mount);
  assert.equal(mount.prefix, '/');
  assert.deepEqual(mount.allowed, ['gateway']);

  const server = http.createServer(
    (request, response) => void mount.handler(request, response, { path: request.url ?? '' } as HttpContext),
  );
  test.after(() => server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const page = await fetch(`${origin}/films/t1`);
  assert.equal(await page.text(), '<title>Console</title>');
  const again = await fetch(`${origin}/`, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } });
  assert.equal(again.status, 304);
});
