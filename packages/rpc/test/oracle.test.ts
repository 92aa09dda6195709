import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Code as StockCode, ConnectError, createClient } from '@connectrpc/connect';
import type { Client } from '@connectrpc/connect';
import { connectNodeAdapter, createConnectTransport } from '@connectrpc/connect-node';
import { EchoService } from '../contract/index.ts';
import { CODES, RpcError } from '../src/index.ts';
import type { Client as OurClient } from '../src/index.ts';
import { echoHandlers } from './echo.ts';
import { startCaller, startHost } from './start-host.ts';

/** connect-node names codes by number: `Code[8]` is "ResourceExhausted". */
function snakeCase(code: StockCode): string {
  return (StockCode[code] ?? '').replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
}

async function stockClient(test: TestContext, options: { binary: boolean; gzip?: boolean }): Promise<Client<typeof EchoService>> {
  const server = await startHost(test, ['echo']);
  server.as('echo').serve(EchoService, echoHandlers(), { '*': [''] });
  const transport = createConnectTransport({
    baseUrl: `http://${server.address}`,
    httpVersion: '1.1',
    useBinaryFormat: options.binary,
    ...(options.gzip === true ? { compressMinBytes: 0 } : { acceptCompression: [] }),
  });
  return createClient(EchoService, transport);
}

async function stockServer(test: TestContext): Promise<OurClient<typeof EchoService>> {
  const server = createServer(
    connectNodeAdapter({
      routes: (router) =>
        router.service(EchoService, {
          async echo(request, context) {
            if (request.delayMs > 0) await sleep(request.delayMs, undefined, { signal: context.signal });
            return { text: request.text, number: request.number, caller: String(context.timeoutMs() !== undefined) };
          },
          fail(request) {
            throw new ConnectError(request.message, stockCode(request.code));
          },
        }),
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const caller = await startCaller(test, { echo: `127.0.0.1:${(server.address() as AddressInfo).port}` });
  return caller.as('web').client(EchoService);
}

function stockCode(name: string): StockCode {
  const found = Object.values(StockCode).find((code) => typeof code === 'number' && snakeCase(code) === name);
  assert(typeof found === 'number', name);
  return found;
}

const TEXT = 'grüße, 世界 '.repeat(400);

for (const { binary, gzip } of [
  { binary: true, gzip: false },
  { binary: false, gzip: false },
  { binary: true, gzip: true },
  { binary: false, gzip: true },
]) {
  describe(`a stock Connect client, ${binary ? 'protobuf' : 'JSON'}${gzip ? ' with gzip' : ''}, on our server`, () => {
    it('gets the answer', async (test) => {
      const answer = await (await stockClient(test, { binary, gzip })).echo({ text: TEXT, number: -0.5 });
      assert.deepEqual([answer.text, answer.number, answer.caller], [TEXT, -0.5, '']);
    });

    it('gets every code with its message and details', async (test) => {
      const client = await stockClient(test, { binary, gzip });
      for (const code of CODES) {
        await assert.rejects(client.fail({ code, message: `about ${code}` }), (error) => {
          assert(error instanceof ConnectError);
          assert.deepEqual([snakeCase(error.code), error.rawMessage], [code, `about ${code}`]);
          const [detail] = error.details;
          assert(detail !== undefined && 'type' in detail && detail.type === 'bioscope.echo.v1.FailRequest');
          return true;
        });
      }
    });

    it('learns from our server that its deadline has passed', async (test) => {
      const client = await stockClient(test, { binary, gzip });
      await assert.rejects(
        client.echo({ delayMs: 30_000 }, { timeoutMs: 50 }),
        (error) => error instanceof ConnectError && error.code === StockCode.DeadlineExceeded,
      );
    });
  });
}

describe('our client on a stock Connect server', () => {
  it('gets the answer, and its deadline arrives there', async (test) => {
    const answer = await (await stockServer(test)).echo({ text: TEXT, number: 7 });
    assert.deepEqual([answer.text, answer.number, answer.caller], [TEXT, 7, 'true']);
  });

  it('gets every code with its message', async (test) => {
    const client = await stockServer(test);
    for (const code of CODES) {
      await assert.rejects(client.fail({ code, message: `about ${code}` }), (error) => {
        assert(error instanceof RpcError);
        assert.deepEqual([error.code, error.message], [code, `about ${code}`]);
        return true;
      });
    }
  });

  it('gives up at its deadline', async (test) => {
    await assert.rejects((await stockServer(test)).echo({ delayMs: 30_000 }, { deadlineMs: 50 }), { code: 'deadline_exceeded' });
  });
});
