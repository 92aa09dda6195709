import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { HttpHandler, Rpc } from '../src/index.ts';
import { startCaller, startHost } from './start-host.ts';

async function start(test: TestContext, prefix: `/${string}`, handler: HttpHandler): Promise<Rpc> {
  const server = await startHost(test, ['echo']);
  server.as('echo').mount(prefix, handler, ['web']);
  return (await startCaller(test, { echo: server.address })).as('web');
}

describe('a plain HTTP mount', () => {
  it('sees what follows its unit in the path, dots resolved', async (test) => {
    const rpc = await start(test, '/files', (_request, response, context) => void response.end(`${context.path} ${context.url.search}`));
    assert.equal(await text((await rpc.fetch('echo', '/files/a/../b%20c?x=1')).body), '/files/b%20c ?x=1');
    for (const path of ['/filesystem', '/files/../other', '/files/%2e%2e/other'])
      assert.equal((await rpc.fetch('echo', path)).status, 404, path);
  });

  it('streams large bodies both ways without holding them', async (test) => {
    const rpc = await start(test, '/copy', (request, response) => void request.pipe(response));
    const piece = randomBytes(1024 * 1024);
    const pieces = 32;
    const sent = createHash('sha256');
    const source = Readable.from(
      (function* () {
        for (let n = 0; n < pieces; n += 1) {
          sent.update(piece);
          yield piece;
        }
      })(),
    );
    const answer = await rpc.fetch('echo', '/copy', { method: 'PUT', body: source });
    const received = createHash('sha256');
    for await (const chunk of answer.body) received.update(chunk);
    assert.equal(received.digest('hex'), sent.digest('hex'));
  });

  it('answers for a handler that fails, and breaks the connection when the answer has begun', async (test) => {
    const rpc = await start(test, '/fail', (_request, response, context) => {
      if (context.path === '/fail/late') response.write('the beginning');
      throw new Error('the password is 123');
    });
    const early = await rpc.fetch('echo', '/fail/early');
    assert.deepEqual([early.status, await text(early.body)], [500, '{"code":"internal","message":"internal error"}']);
    await assert.rejects(async () => text((await rpc.fetch('echo', '/fail/late')).body));
  });

  it('gives up on an answer that does not begin in time', async (test) => {
    const rpc = await start(test, '/slow', () => undefined);
    await assert.rejects(rpc.fetch('echo', '/slow', { deadlineMs: 50 }), { code: 'deadline_exceeded' });
  });

  it('reads again from another instance when one breaks off before its answer', async (test) => {
    let calls = 0;
    const rpc = await start(test, '/flaky', (request, response) => {
      calls += 1;
      if (calls === 1) request.socket.destroy();
      else response.end('there');
    });
    assert.equal(await text((await rpc.fetch('echo', '/flaky')).body), 'there');
    calls = 0;
    await assert.rejects(rpc.fetch('echo', '/flaky', { method: 'POST', body: Buffer.from('x') }), { code: 'unavailable' });
  });
});
