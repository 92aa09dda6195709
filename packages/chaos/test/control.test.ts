import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createTelemetry } from '@bioscope/telemetry';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RunningRpcHost } from '@bioscope/rpc';
import { EchoService } from '@bioscope/rpc/contract';
import { chaosUnit, CONTROLLER, createController, createFaults, holdRules, ruleFrom } from '../src/index.ts';
import type { Controller, Faults } from '../src/index.ts';

const SECRET = randomBytes(32).toString('hex');
const { log, metrics } = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });

type Started = { readonly host: RunningRpcHost; readonly faults: Faults };

/** A process of a deployment with the chaos unit: its own RPC host and faults. */
async function startProcess(test: TestContext, zone: string): Promise<Started> {
  const faults = createFaults({ self: { region: 'a', zone, group: 'play' }, random: Math.random, nowMs: () => performance.now() });
  const host = await startHost(test, ['echo', 'chaos'], { faults, zone });
  host.as('echo').serve(EchoService, { echo: ({ text }) => ({ text }), fail: () => ({}) }, { '*': ['*'] });
  const crash = (): void => assert.fail('the unit crashed');
  const running = await chaosUnit({ faults }).start({ rpc: host }, { name: 'chaos', log, metrics, environment: {}, crash });
  test.after(() => running.stop?.());
  return { host, faults };
}

async function startHost(test: TestContext, units: string[], more: { faults?: Faults; zone?: string; at?: string } = {}) {
  const discovery = createPicture(more.at === undefined ? [] : [{ service: 'echo', address: more.at }]);
  const where = { zone: more.zone ?? '', region: 'a', listen: { host: '127.0.0.1', port: 0 } };
  const faults = more.faults === undefined ? {} : { faults: more.faults };
  const host = await createRpcHost({ secret: SECRET, units, discovery, log, metrics, ...where, ...faults });
  test.after(() => host.close());
  return host;
}

async function startController(test: TestContext, addresses: readonly string[], name = CONTROLLER): Promise<Controller> {
  const host = await startHost(test, [name]);
  const controller = createController({ rpc: host.as(name), addresses: async () => addresses });
  test.after(() => controller.close());
  return controller;
}

describe('ordering faults', () => {
  it('reaches every process, strikes where the rule says, and ends when withdrawn', async (test) => {
    const [one, two] = [await startProcess(test, '1'), await startProcess(test, '2')];
    const controller = await startController(test, [one.host.address, two.host.address]);
    const rule = ruleFrom('r', { where: { zones: ['2'], callees: ['echo'] }, what: { code: 'aborted' } });
    const { reached } = await controller.put([rule], 5_000);
    assert.equal(reached.length, 2);
    const ask = async ({ host }: Started): Promise<string> => {
      const caller = await startHost(test, ['web'], { at: host.address });
      return caller
        .as('web')
        .client(EchoService)
        .echo({ text: 'well' })
        .then(
          ({ text }) => text,
          ({ code }: { code: string }) => code,
        );
    };
    assert.deepEqual([await ask(one), await ask(two)], ['well', 'aborted']);
    const listed = await controller.list();
    assert.deepEqual(
      listed.get(two.host.address)?.map(({ rule: standing, hits }) => [standing?.id, standing?.code, hits]),
      [['r', 'aborted', 1]],
    );
    await controller.withdraw([]);
    assert.equal(await ask(two), 'well');
    assert.deepEqual((await controller.list()).get(one.host.address), []);
  });

  it('names processes that are gone, and goes on with the others', async (test) => {
    const { host, faults } = await startProcess(test, '1');
    const controller = await startController(test, [host.address, '127.0.0.1:1']);
    const reach = await controller.put([ruleFrom('r', {})], 5_000);
    assert.deepEqual([reach.reached, reach.unreached], [[host.address], ['127.0.0.1:1']]);
    assert.equal(faults.list().length, 1);
  });

  it('is refused to everybody else, and for rules that cannot be', async (test) => {
    const { host, faults } = await startProcess(test, '1');
    const stranger = await startController(test, [host.address], 'playback');
    await assert.rejects(stranger.put([ruleFrom('r', {})], 5_000), { code: 'permission_denied' });
    const controller = await startController(test, [host.address]);
    await assert.rejects(controller.put([ruleFrom('r', { share: 7 })], 5_000), { code: 'invalid_argument', message: /share: 7/ });
    assert.equal(faults.isActive, false);
  });

  it('does not begin when no process takes faults', async (test) => {
    await assert.rejects(holdRules(await startController(test, ['127.0.0.1:1']), [ruleFrom('r', {})]), /BIOSCOPE_CHAOS=1/);
  });

  it('heals every process by itself when whoever ordered is killed', async (test) => {
    const started = [await startProcess(test, '1'), await startProcess(test, '2')];
    const program = new URL('controller-to-kill.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [program, SECRET, ...started.map(({ host }) => host.address)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    test.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    for (const { faults } of started) assert.equal(faults.list()[0]?.rule.id, 'lease');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const killedAtMs = performance.now();
    while (started.some(({ faults }) => faults.isActive) && performance.now() < killedAtMs + 10_000)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(
      started.map(({ faults }) => faults.isActive),
      [false, false],
    );
  });
});
