import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EchoService } from '../contract/index.ts';
import { createPicture } from '../src/index.ts';
import type { Client, RunningRpcHost } from '../src/index.ts';
import { echoHandlers } from './echo.ts';
import { startHost } from './start-host.ts';

async function startServer(test: TestContext): Promise<RunningRpcHost> {
  const server = await startHost(test, ['echo']);
  server.as('echo').serve(EchoService, echoHandlers(), { '*': ['web'] });
  return server;
}

async function clientOf(test: TestContext, addresses: readonly string[]): Promise<Client<typeof EchoService>> {
  const discovery = createPicture(addresses.map((address) => ({ service: 'echo', address })));
  return (await startHost(test, ['web'], { discovery })).as('web').client(EchoService);
}

/** A port on which nobody listens. */
async function deadAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

/** Takes connections and what is sent, and then hangs up without an answer; counts how often. */
async function hangingUp(test: TestContext): Promise<{ address: string; requests: () => number }> {
  let requests = 0;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      requests += 1;
      socket.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => server.close());
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests };
}

describe('when an instance fails', () => {
  it('every call goes to another as long as it surely did not run', async (test) => {
    const client = await clientOf(test, [await deadAddress(), (await startServer(test)).address]);
    for (let n = 0; n < 50; n += 1) assert.equal((await client.echo({ text: String(n) })).text, String(n));
  });

  it('a draining instance loses no call', async (test) => {
    const [leaving, staying] = [await startServer(test), await startServer(test)];
    const client = await clientOf(test, [leaving.address, staying.address]);
    const calls: Promise<unknown>[] = [];
    for (let n = 0; n < 60; n += 1) {
      calls.push(client.echo({ text: 'x', delayMs: 5 }));
      if (n === 30) calls.push(leaving.drain());
      if (n % 10 === 9) await Promise.all(calls.slice(-5));
    }
    await Promise.all(calls);
  });

  it('a call that may have run is sent again only when it is idempotent', async (test) => {
    const broken = await hangingUp(test);
    const client = await clientOf(test, [broken.address]);
    await assert.rejects(client.echo({}), { code: 'unavailable', surelyNotRun: false });
    assert.equal(broken.requests(), 1);
    await assert.rejects(client.echo({}, { idempotent: true }), { code: 'unavailable' });
    assert.equal(broken.requests(), 4, 'three attempts');
  });

  it('an idempotent call to one that takes requests and answers nothing is answered by another, well before its deadline', async (test) => {
    const silent = createServer((socket) => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    test.after(() => silent.close());
    const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const client = await clientOf(test, [address, (await startServer(test)).address]);
    const calls = Array.from({ length: 6 }, (_, n) => client.echo({ text: String(n) }, { idempotent: true, deadlineMs: 5_000 }));
    assert.deepEqual(
      (await Promise.all(calls)).map(({ text }) => text),
      ['0', '1', '2', '3', '4', '5'],
    );
  });

  it('a slow call is not sent twice to make it faster, if it may not be', async (test) => {
    let runs = 0;
    const count = (): Record<string, never> => {
      runs += 1;
      return {};
    };
    const servers = [await startHost(test, ['echo']), await startHost(test, ['echo'])];
    for (const server of servers) {
      const echo = async (): Promise<Record<string, never>> => {
        await sleep(1_000);
        return count();
      };
      server.as('echo').serve(EchoService, { echo, fail: () => ({}) }, { '*': ['web'] });
    }
    const client = await clientOf(
      test,
      servers.map((server) => server.address),
    );
    await client.echo({}, { deadlineMs: 5_000 });
    assert.equal(runs, 1);
  });

  it('retries stop when the budget is spent', async (test) => {
    const broken = await hangingUp(test);
    const client = await clientOf(test, [broken.address]);
    const calls = 200;
    const startedMs = performance.now();
    for (let n = 0; n < calls; n += 1) await assert.rejects(client.echo({}, { idempotent: true }));
    // A tenth of the calls, the floor of ten for each second that this took, and the balance of the start.
    const retriesMax = calls * 0.1 + 10 * ((performance.now() - startedMs) / 1_000) + 10;
    assert(broken.requests() <= calls + retriesMax, `${broken.requests()} requests`);
    assert(retriesMax < calls, 'the bound bites: without a budget each call would be sent three times');
  });

  it('a call that waited in vain says so, and a cancelled one at once', async (test) => {
    const client = await clientOf(test, [(await startServer(test)).address]);
    const cancel = new AbortController();
    const call = client.echo({ delayMs: 60_000 }, { signal: cancel.signal, deadlineMs: 60_000 });
    cancel.abort();
    await assert.rejects(call, { code: 'canceled' });
    await assert.rejects(client.echo({}, { signal: AbortSignal.abort() }), { code: 'canceled' });
  });
});

describe('a call within a request', () => {
  it('is made for no longer than that, and hands on its trace and id', async (test) => {
    const back = await startHost(test, ['echo']);
    const seen: { traceparent: string; requestId: string; leftMs: number }[] = [];
    back.as('echo').serve(
      EchoService,
      {
        echo(_request, context) {
          seen.push({ traceparent: context.traceparent, requestId: context.requestId, leftMs: context.deadlineAtMs - Date.now() });
          return {};
        },
        fail: () => ({}),
      },
      { '*': ['web'] },
    );
    const client = await clientOf(test, [back.address]);
    const context = {
      caller: 'gateway',
      deadlineAtMs: Date.now() + 400,
      signal: new AbortController().signal,
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      requestId: 'request-1',
      header: () => undefined,
    };
    await client.echo({}, { within: context, deadlineMs: 5_000 });
    const [call] = seen;
    assert(call !== undefined);
    assert.match(call.traceparent, /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)[0-9a-f]{16}-01$/);
    assert.equal(call.requestId, 'request-1');
    assert(call.leftMs <= 400 && call.leftMs > 0, String(call.leftMs));
    await assert.rejects(client.echo({}, { within: { ...context, deadlineAtMs: Date.now() - 1 } }), { code: 'deadline_exceeded' });
  });
});
