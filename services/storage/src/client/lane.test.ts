import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { KvFault } from '@bioscope/kv';
import type { KvFaultCode } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';
import { createLane } from './lane.ts';
import type { Lane, LaneParts } from './lane.ts';

type Asked = { readonly operations: readonly string[]; readonly signal: AbortSignal; answer(): void; fail(error: unknown): void };

/** A lane whose requests the test answers: each operation with itself, as long as the test says nothing else. */
function open(limits: Partial<LaneParts> = {}): { lane: Lane; asked: Asked[] } {
  const asked: Asked[] = [];
  const lane = createLane({
    requestsMax: 2,
    operationsMax: 3,
    ask(operations, { signal }) {
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array[]>();
      signal.addEventListener('abort', () => reject(new RpcError('canceled', 'the caller cancelled the call')));
      asked.push({ operations: operations.map(textOf), signal, answer: () => resolve(operations), fail: reject });
      return promise;
    },
    ...limits,
  });
  return { lane, asked };
}

const call = (lane: Lane, text: string, how: { repeatable?: boolean; deadlineMs?: number; signal?: AbortSignal } = {}): Promise<string> =>
  lane.call(new TextEncoder().encode(text), { repeatable: true, ...how }).then(textOf);

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function asks(asked: readonly Asked[], count: number): Promise<void> {
  const end = performance.now() + 5_000;
  while (asked.length < count) {
    assert(performance.now() < end, `${count} requests were waited for, ${asked.length} came`);
    await tick();
  }
}

const away = (surelyNotRun = false): RpcError => new RpcError('unavailable', 'no answer', { surelyNotRun });
const hasCode = (code: KvFaultCode) => (error: unknown) => error instanceof KvFault && error.code === code;

describe('a lane to the storage', () => {
  it('sends the calls of one tick together, and what comes meanwhile when a request is done', async () => {
    const { lane, asked } = open();
    const first = Promise.all(['a', 'b'].map((text) => call(lane, text)));
    await tick();
    const second = call(lane, 'c');
    await tick();
    const later = Promise.all(['d', 'e', 'f', 'g'].map((text) => call(lane, text)));
    await tick();
    assert.deepEqual(
      asked.map(({ operations }) => operations),
      [['a', 'b'], ['c']],
    );
    asked[0]?.answer();
    assert.deepEqual(await first, ['a', 'b']);
    await asks(asked, 3);
    asked[1]?.answer();
    await asks(asked, 4);
    assert.deepEqual(
      asked.slice(2).map(({ operations }) => operations),
      [['d', 'e', 'f'], ['g']],
    );
    asked.forEach((each) => each.answer());
    assert.deepEqual([await second, await later], ['c', ['d', 'e', 'f', 'g']]);
  });

  it('sends a large operation alone', async () => {
    const { lane, asked } = open();
    const large = 'x'.repeat(300 * 1024);
    const all = Promise.all(['a', large, 'b'].map((text) => call(lane, text)));
    await tick();
    assert.deepEqual(
      asked.map(({ operations }) => operations.length),
      [1, 1],
    );
    asked.forEach((each) => each.answer());
    await asks(asked, 3);
    asked[2]?.answer();
    assert.deepEqual(await all, ['a', large, 'b']);
  });

  it('sends again what was left out of an answer, and refuses an answer without its first outcome', async () => {
    const outcomes = [['a', ''], ['b'], ['']].map((texts) => texts.map((text) => new TextEncoder().encode(text)));
    const sent: string[][] = [];
    const { lane } = open({
      ask: async (operations) => {
        sent.push(operations.map(textOf));
        return outcomes.shift() ?? [];
      },
    });
    assert.deepEqual(await Promise.all([call(lane, 'a'), call(lane, 'b')]), ['a', 'b']);
    assert.deepEqual(sent, [['a', 'b'], ['b']]);
    await assert.rejects(call(lane, 'c'), hasCode('KV_UNAVAILABLE'));
  });

  it('sends again what may be, and only that, when an answer is lost; one request at a time until one is answered', async () => {
    const { lane, asked } = open();
    const doubtful = call(lane, 'once', { repeatable: false });
    const safe = call(lane, 'again');
    await asks(asked, 1);
    const other = call(lane, 'other');
    await asks(asked, 2);
    asked[0]?.fail(away());
    asked[1]?.fail(away());
    await assert.rejects(doubtful, hasCode('KV_UNAVAILABLE'));
    await asks(asked, 3);
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(asked.length, 3, 'only one asks whether it is back');
    asked[2]?.fail(away(true));
    await asks(asked, 4);
    assert.deepEqual([...(asked[3]?.operations ?? [])].toSorted(), ['again', 'other']);
    asked[3]?.answer();
    assert.deepEqual([await safe, await other], ['again', 'other']);
  });

  it('sends again what surely did not run, whatever it is', async () => {
    const { lane, asked } = open();
    const once = call(lane, 'once', { repeatable: false });
    await asks(asked, 1);
    asked[0]?.fail(away(true));
    await asks(asked, 2);
    asked[1]?.answer();
    assert.equal(await once, 'once');
  });

  it('asks a storage that is away ever more rarely, however many calls wait', async () => {
    let requests = 0;
    const { lane } = open({
      ask: () => {
        requests += 1;
        return Promise.reject(away());
      },
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => call(lane, `${index}`, { deadlineMs: 1_500 })));
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.ok(requests >= 2 && requests <= 15, `${requests} requests in 1.5 s`);
  });

  it('settles at the deadline and at the caller’s word, whatever the storage does, and lets go of a request that nobody waits for', async () => {
    const { lane, asked } = open();
    const leaving = new AbortController();
    const late = call(lane, 'late', { deadlineMs: 30 });
    const left = call(lane, 'left', { signal: leaving.signal });
    await asks(asked, 1);
    await assert.rejects(late, hasCode('KV_DEADLINE'));
    assert.equal(asked[0]?.signal.aborted, false);
    leaving.abort();
    await assert.rejects(left, hasCode('KV_DEADLINE'));
    assert.equal(asked[0]?.signal.aborted, true);
    await assert.rejects(call(lane, 'never', { signal: leaving.signal }), hasCode('KV_DEADLINE'));
    assert.equal(asked.length, 1);
  });

  it('passes other errors of the way on by their kind', async () => {
    for (const [code, expected] of [
      ['invalid_argument', 'KV_BAD_REQUEST'],
      ['resource_exhausted', 'KV_TOO_LARGE'],
      ['deadline_exceeded', 'KV_DEADLINE'],
      ['unauthenticated', 'KV_UNAVAILABLE'],
      ['internal', 'KV_UNAVAILABLE'],
    ] as const) {
      const { lane } = open({ ask: () => Promise.reject(new RpcError(code, 'no')) });
      await assert.rejects(call(lane, 'a'), hasCode(expected));
    }
  });

  it('refuses at once when too much waits, and everything once closed', async () => {
    const { lane, asked } = open();
    const waiting = Array.from({ length: 20_000 }, () => call(lane, 'x', { deadlineMs: 200 }).catch(() => 'gone'));
    await assert.rejects(call(lane, 'one more'), hasCode('KV_UNAVAILABLE'));
    await asks(asked, 2);
    const closed = lane.close();
    await assert.rejects(call(lane, 'late'), hasCode('KV_CLOSED'));
    await Promise.all(waiting);
    await closed;
  });
});
