import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Picture, RunningRpcHost } from '@bioscope/rpc';
import { EchoService } from '@bioscope/rpc/contract';
import { createTelemetry } from '@bioscope/telemetry';
import { joinDiscovery } from '../src/service.ts';
import type { Joined } from '../src/service.ts';
import { startCopies } from './running-copies.ts';
import type { RunningCopy } from './running-copies.ts';

const secret = randomBytes(32).toString('hex');
const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
const ZONES = ['1', '2', '3'];
const CALLERS = 8;
const isThorough = process.env['BIOSCOPE_TEST_ALL'] === '1';

type Member = { readonly host: RunningRpcHost; readonly picture: Picture; readonly joined: Joined };

async function join(test: TestContext, copies: readonly RunningCopy[], unit: string, zone: string): Promise<Member> {
  const picture = createPicture(copies.map((copy) => ({ service: 'discovery', region: 'a', address: copy.address, zone: copy.zone })));
  const listen = { host: '127.0.0.1', port: 0 };
  const host = await createRpcHost({ secret, units: [unit], zone, region: 'a', listen, discovery: picture, ...telemetry });
  const joined = joinDiscovery({ host, picture, log: telemetry.log });
  test.after(async () => {
    await joined.stop();
    await host.close();
  });
  return { host, picture, joined };
}

async function startEcho(test: TestContext, copies: readonly RunningCopy[], zone: string): Promise<Member> {
  const member = await join(test, copies, 'echo', zone);
  const echo = async ({ delayMs }: { delayMs: number }): Promise<{ text: string }> => {
    await sleep(delayMs);
    return { text: member.host.instanceId };
  };
  member.host.as('echo').serve(EchoService, { echo, fail: () => ({}) }, { '*': ['web'] });
  return member;
}

/** Calls that are not idempotent, all the time: whatever fails stays failed. */
function callAlways(test: TestContext, { host }: Member): { readonly answers: Map<string, number>; readonly faults: unknown[] } {
  const client = host.as('web').client(EchoService);
  const seen = { answers: new Map<string, number>(), faults: [] as unknown[] };
  const over = new AbortController();
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      try {
        const { text } = await client.echo({ delayMs: 5 });
        seen.answers.set(text, (seen.answers.get(text) ?? 0) + 1);
      } catch (fault) {
        seen.faults.push(fault);
      }
      await sleep(30);
    }
  };
  const running = run();
  test.after(async () => {
    over.abort();
    await running;
  });
  return seen;
}

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!condition()) {
    assert(performance.now() < end, `in vain waited for: ${what}`);
    await sleep(10);
  }
}

describe('callers of a system whose discovery has copies', () => {
  it('lose no call while copies are killed, paused, started empty, or all gone, and while instances come and go', async (test) => {
    const copies = await startCopies(test, secret, ZONES);
    const [first, second] = copies as [RunningCopy, RunningCopy];
    const servers = await Promise.all(ZONES.map((zone) => startEcho(test, copies, zone)));
    const callers = await Promise.all(Array.from({ length: CALLERS }, (_, n) => join(test, copies, 'web', ZONES[n % 3] ?? '')));
    const seen = callers.map((caller) => callAlways(test, caller));
    const all = (count: number) => () => callers.every(({ picture }) => picture.instances('echo').length === count);
    const fromAll = async (what: string): Promise<void> => {
      const before = seen.map(({ answers }) => answers.values().reduce((sum, n) => sum + n, 0));
      await until(what, () => seen.every(({ answers }, n) => answers.values().reduce((sum, m) => sum + m, 0) > (before[n] ?? 0) + 20));
    };
    await until('the first picture', all(3));
    await fromAll('answers at the start');

    await first.kill();
    const late = await startEcho(test, copies, '1');
    await until('news without the copy of zone 1', all(4));
    await first.restart();

    second.pause();
    await late.joined.withdraw();
    await until('a departure, for those whose copy is paused as well', all(3));
    await late.host.drain();
    await sleep(isThorough ? 8_000 : 500);
    second.resume();

    await Promise.all(copies.map((copy) => copy.kill()));
    await fromAll('answers without any copy');
    await sleep(isThorough ? 10_000 : 500);
    assert(all(3)(), 'the last picture is kept');
    await first.restart();
    const another = await startEcho(test, copies, '2');
    await until('news from a copy that knew nothing', all(4));
    await fromAll('answers at the end');
    await until('calls of the new instance', () => seen.some(({ answers }) => answers.has(another.host.instanceId)));

    assert.deepEqual(
      seen.flatMap(({ faults }) => faults),
      [],
    );
    assert(servers.every(({ host }) => seen.some(({ answers }) => answers.has(host.instanceId))));
  });
});
