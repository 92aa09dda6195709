import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { EchoService } from '../contract/index.ts';
import { SCOPE_HEADER } from '../src/index.ts';
import type { FaultPoint, Injection, RequestContext, RpcFaults } from '../src/index.ts';
import { startCaller, startHost } from './start-host.ts';

/** A service that counts its runs, behind faults that the test says. */
async function start(test: TestContext, rules: { client?: RpcFaults; server?: RpcFaults }) {
  const server = await startHost(test, ['echo'], rules.server === undefined ? {} : { faults: rules.server });
  const ran = { count: 0, scopes: [] as (string | undefined)[] };
  server.as('echo').serve(
    EchoService,
    {
      echo: (request, context) => {
        ran.count += 1;
        ran.scopes.push(context.header(SCOPE_HEADER));
        return { text: request.text, number: ran.count };
      },
      fail: () => ({}),
    },
    { '*': ['web'] },
  );
  server.as('echo').mount('/bytes', (_request, response) => void response.end('0123456789'), ['web']);
  const caller = await startCaller(test, { echo: server.address }, rules.client === undefined ? {} : { faults: rules.client });
  return { ran, rpc: caller.as('web'), echo: caller.as('web').client(EchoService) };
}

function always(injection: Partial<Injection>, seen: FaultPoint[] = []): RpcFaults {
  return {
    isActive: true,
    at(point) {
      seen.push(point);
      return { delayMs: 0, effect: 'pass', code: 'unavailable', ...injection };
    },
  };
}

const SHORT = { deadlineMs: 150 };

describe('faults on purpose', () => {
  for (const side of ['client', 'server'] as const) {
    it(`${side}: an error is answered without the handler`, async (test) => {
      const { echo, ran } = await start(test, { [side]: always({ effect: 'error', code: 'aborted' }) });
      await assert.rejects(echo.echo({}), { code: 'aborted', message: 'a fault on purpose' });
      assert.equal(ran.count, 0);
    });

    it(`${side}: what is dropped is never answered and never run`, async (test) => {
      const { echo, ran } = await start(test, { [side]: always({ effect: 'drop' }) });
      await assert.rejects(echo.echo({}, SHORT), { code: 'deadline_exceeded' });
      assert.equal(ran.count, 0);
    });

    it(`${side}: half-open runs the handler and loses the answer`, async (test) => {
      const { echo, ran } = await start(test, { [side]: always({ effect: 'half-open' }) });
      await assert.rejects(echo.echo({}, SHORT), { code: 'deadline_exceeded' });
      assert.equal(ran.count, 1);
    });

    it(`${side}: a truncated answer is an error, not a shorter answer`, async (test) => {
      const { echo } = await start(test, { [side]: always({ effect: 'truncate' }) });
      await assert.rejects(echo.echo({ text: 'a long enough text' }), { code: 'internal' });
    });

    it(`${side}: a corrupt answer is another answer`, async (test) => {
      const { echo } = await start(test, { [side]: always({ effect: 'corrupt' }) });
      const text = 'x'.repeat(100);
      const answer = await echo.echo({ text }).catch(() => ({ text: '' }));
      assert.notEqual(answer.text, text);
    });

    it(`${side}: a stale answer repeats the last one to the same request only`, async (test) => {
      const { echo, ran } = await start(test, { [side]: always({ effect: 'stale' }) });
      const answers = [await echo.echo({ text: 'a' }), await echo.echo({ text: 'a' }), await echo.echo({ text: 'b' })];
      assert.deepEqual(
        answers.map((each) => each.number),
        [1, 1, 2],
      );
      assert.equal(ran.count, 2);
    });

    it(`${side}: a duplicate runs twice and answers once`, async (test) => {
      const { echo, ran } = await start(test, { [side]: always({ effect: 'duplicate' }) });
      assert.equal((await echo.echo({})).number, 1);
      assert.equal(ran.count, 2);
    });

    it(`${side}: a delay longer than the deadline is a missed deadline`, async (test) => {
      const { echo } = await start(test, { [side]: always({ delayMs: 60_000 }) });
      await assert.rejects(echo.echo({}, SHORT), { code: 'deadline_exceeded' });
    });

    it(`${side}: knows who calls whom, and asks nobody while there are no rules`, async (test) => {
      const seen: FaultPoint[] = [];
      const asked = always({}, seen);
      await (await start(test, { [side]: asked })).echo.echo({});
      assert.deepEqual(
        seen.map((each) => [each.side, each.caller, each.callee, each.method]),
        [[side, 'web', 'echo', 'Echo']],
      );
      await (await start(test, { [side]: { ...asked, isActive: false } })).echo.echo({});
      assert.equal(seen.length, 1);
    });
  }

  it('hands the scope on with every call that is made within a request', async (test) => {
    const { echo, ran } = await start(test, { client: { isActive: false, at: () => undefined } });
    const asking = (scope: string): RequestContext => ({
      caller: 'gateway',
      deadlineAtMs: Date.now() + 5_000,
      signal: new AbortController().signal,
      traceparent: '',
      requestId: 'r',
      header: (name) => (name === SCOPE_HEADER ? scope : undefined),
    });
    await echo.echo({}, { within: asking('0123456789abcdef.experiment') });
    await echo.echo({}, { within: asking('a\r\nbioscope-caller: x') });
    assert.deepEqual(ran.scopes, ['0123456789abcdef.experiment', undefined]);
  });

  it('reaches mounts: errors, silence, corrupt and broken-off bodies', async (test) => {
    const body = async (injection: Partial<Injection>, side: 'client' | 'server'): Promise<string> => {
      const { rpc } = await start(test, { [side]: always(injection) });
      const answer = await rpc.fetch('echo', '/bytes', { deadlineMs: 150 });
      return `${answer.status} ${await new Response(answer.body).text()}`;
    };
    assert.equal(await body({}, 'server'), '200 0123456789');
    assert.match(await body({ effect: 'error', code: 'aborted' }, 'server'), /^409 .*on purpose/);
    assert.notEqual(await body({ effect: 'corrupt' }, 'server'), '200 0123456789');
    await assert.rejects(body({ effect: 'truncate' }, 'server'));
    await assert.rejects(body({ effect: 'drop' }, 'server'), { code: 'deadline_exceeded' });
    await assert.rejects(body({ effect: 'drop' }, 'client'), { code: 'deadline_exceeded' });
    await assert.rejects(body({ effect: 'error', code: 'aborted' }, 'client'), { code: 'aborted' });
  });
});
