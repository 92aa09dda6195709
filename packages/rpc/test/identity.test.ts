import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { request } from 'undici';
import { EchoService } from '../contract/index.ts';
import { createPicture } from '../src/index.ts';
import type { RunningRpcHost } from '../src/index.ts';
import { echoHandlers } from './echo.ts';
import { startHost } from './start-host.ts';

async function callerOf(test: TestContext, server: RunningRpcHost, units: string[], secret?: string): Promise<RunningRpcHost> {
  const discovery = createPicture([{ service: 'echo', address: server.address }]);
  return startHost(test, units, { discovery, ...(secret === undefined ? {} : { secret }) });
}

describe('who may call', () => {
  it('is decided per method, by name, for proven units', async (test) => {
    const server = await startHost(test, ['echo']);
    server.as('echo').serve(EchoService, echoHandlers(), { '*': ['web'], fail: ['*'] });
    const callers = await callerOf(test, server, ['web', 'studio']);
    assert.equal((await callers.as('web').client(EchoService).echo({})).caller, 'web');
    await assert.rejects(callers.as('studio').client(EchoService).echo({}), {
      code: 'permission_denied',
      message: '"studio" may not call this',
    });
    await assert.rejects(callers.as('studio').client(EchoService).fail({ code: 'aborted' }), { code: 'aborted' });
  });

  it('is nobody without a credential, or with one of another secret', async (test) => {
    const server = await startHost(test, ['echo']);
    server.as('echo').serve(EchoService, echoHandlers(), { '*': ['*'] });
    const stranger = await callerOf(test, server, ['web'], 'ff'.repeat(32));
    await assert.rejects(stranger.as('web').client(EchoService).echo({}), { code: 'unauthenticated' });
    const bare = await request(`http://${server.address}/bioscope.echo.v1.EchoService/Echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(bare.statusCode, 401);
    await bare.body.dump();
  });

  it('holds for mounts as for methods', async (test) => {
    const server = await startHost(test, ['echo']);
    server.as('echo').mount('/files', (_request, response, context) => void response.end(context.caller), ['web']);
    const callers = await callerOf(test, server, ['web', 'studio']);
    assert.equal((await callers.as('web').fetch('echo', '/files')).status, 200);
    assert.equal((await callers.as('studio').fetch('echo', '/files')).status, 403);
    assert.equal((await request(`http://${server.address}/http/echo/files`)).statusCode, 401);
  });

  it('cannot be claimed for a unit that the process does not host, nor served for another', async (test) => {
    const host = await startHost(test, ['web']);
    assert.throws(() => host.as('studio'), /"studio" is not among the units of this process/);
    assert.throws(() => host.as('web').serve(EchoService, echoHandlers(), { '*': [] }), /cannot serve bioscope\.echo\.v1\.EchoService/);
  });
});
