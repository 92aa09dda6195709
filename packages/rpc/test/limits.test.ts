import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { EchoService } from '../contract/index.ts';
import { RpcError } from '../src/index.ts';
import type { Client, ServeLimits } from '../src/index.ts';
import { echoHandlers } from './echo.ts';
import { startCaller, startHost } from './start-host.ts';

const MIB = 1_048_576;

async function start(
  test: TestContext,
  limits: ServeLimits,
  answerBytesMax?: number,
): Promise<{ client: Client<typeof EchoService>; underWay: () => number }> {
  const seen = { signals: [] as AbortSignal[] };
  const server = await startHost(test, ['echo']);
  server.as('echo').serve(EchoService, echoHandlers(seen), { '*': ['web'] }, limits);
  const caller = await startCaller(test, { echo: server.address });
  const client = caller.as('web').client(EchoService, answerBytesMax === undefined ? {} : { answerBytesMax });
  return { client, underWay: () => seen.signals.length };
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!holds()) {
    assert(performance.now() < end, 'waited in vain');
    await sleep(5);
  }
}

function isFull(error: unknown): boolean {
  return error instanceof RpcError && error.code === 'unavailable' && error.surelyNotRun && /too much under way/.test(error.message);
}

describe('the limits that a service sets for itself', () => {
  it('let larger messages through both ways, where both sides say so', async (test) => {
    const text = 'x'.repeat(20 * MIB);
    const wide = await start(test, { messageBytesMax: 32 * MIB }, 32 * MIB);
    assert.equal((await wide.client.echo({ text }, { deadlineMs: 10_000 })).text.length, text.length);
    const answersNarrow = await start(test, { messageBytesMax: 32 * MIB });
    await assert.rejects(answersNarrow.client.echo({ text }, { deadlineMs: 10_000 }), { code: 'unavailable' });
    const asksNarrow = await start(test, { messageBytesMax: 1_000 });
    await assert.rejects(asksNarrow.client.echo({ text: 'x'.repeat(2_000) }), { code: 'resource_exhausted' });
  });

  it('refuse at once, surely not run, what is one call too many, and take the next when one is done', async (test) => {
    const { client, underWay } = await start(test, { callsUnderWayMax: 2 });
    const leaving = new AbortController();
    const held = [1, 2].map(() => client.echo({ delayMs: 60_000 }, { deadlineMs: 30_000, signal: leaving.signal }).catch(() => undefined));
    await until(() => underWay() === 2);
    await assert.rejects(client.echo({}), isFull);
    leaving.abort();
    await Promise.all(held);
    await assert.doesNotReject(async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await client.echo({});
        } catch (error) {
          // The server hears of the callers that went away a moment later.
          if (attempt === 100 || !isFull(error)) throw error;
          await sleep(20);
        }
      }
    });
  });

  it('refuse what would take too much memory together', async (test) => {
    const { client, underWay } = await start(test, { bytesUnderWayMax: 3 * MIB });
    const leaving = new AbortController();
    const text = 'x'.repeat(2 * MIB);
    const held = client.echo({ text, delayMs: 60_000 }, { deadlineMs: 30_000, signal: leaving.signal }).catch(() => undefined);
    await until(() => underWay() === 1);
    await assert.rejects(client.echo({ text }), isFull);
    assert.equal((await client.echo({ text: 'small' })).text, 'small');
    leaving.abort();
    await held;
  });
});
