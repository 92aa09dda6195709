import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RpcError } from '../src/index.ts';
import { EchoService } from '../contract/index.ts';
import { echoHandlers } from './echo.ts';
import { startCaller, startHost } from './start-host.ts';

describe('a unary call between two units', () => {
  it('brings the answer, and the handler knows who called', async (test) => {
    const server = await startHost(test, ['echo']);
    server.as('echo').serve(EchoService, echoHandlers(), { '*': ['web'] });
    const caller = await startCaller(test, { echo: server.address });
    const answer = await caller
      .as('web')
      .client(EchoService)
      .echo({ text: 'hello', number: 2 ** 40 });
    assert.deepEqual([answer.text, answer.number, answer.caller], ['hello', 2 ** 40, 'web']);
  });

  it('rejects with the handler’s code and message', async (test) => {
    const server = await startHost(test, ['echo']);
    server.as('echo').serve(EchoService, echoHandlers(), { '*': ['web'] });
    const caller = await startCaller(test, { echo: server.address });
    await assert.rejects(caller.as('web').client(EchoService).fail({ code: 'not_found', message: 'no such thing' }), (error) => {
      assert(error instanceof RpcError);
      assert.deepEqual([error.code, error.message], ['not_found', 'no such thing']);
      return true;
    });
  });

  it('says only that something inside failed when a handler throws anything else', async (test) => {
    const server = await startHost(test, ['echo']);
    server.as('echo').serve(EchoService, echoHandlers(), { '*': ['web'] });
    const caller = await startCaller(test, { echo: server.address });
    await assert.rejects(caller.as('web').client(EchoService).fail({ code: '', message: 'the password is 123' }), {
      code: 'internal',
      message: 'internal error',
    });
  });

  it('gives up at the deadline and aborts the handler', async (test) => {
    const seen = { signals: [] as AbortSignal[] };
    const server = await startHost(test, ['echo']);
    server.as('echo').serve(EchoService, echoHandlers(seen), { '*': ['web'] });
    const caller = await startCaller(test, { echo: server.address });
    await assert.rejects(caller.as('web').client(EchoService).echo({ delayMs: 60_000 }, { deadlineMs: 100 }), {
      code: 'deadline_exceeded',
    });
    const [signal] = seen.signals;
    assert(signal !== undefined);
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  });

  it('waits for somebody to serve the unit, and says so when nobody comes', async (test) => {
    const caller = await startCaller(test, {});
    await assert.rejects(caller.as('web').client(EchoService).echo({}, { deadlineMs: 50 }), {
      code: 'unavailable',
      message: 'nobody serves "echo"',
    });
  });
});
