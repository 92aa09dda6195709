import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTelemetry } from '@bioscope/telemetry';
import { startHost } from './host.ts';
import type { HostOptions } from './host.ts';
import { port, unit } from './unit.ts';
import type { Health, Running, Unit, UnitContext } from './unit.ts';

const KV = port<{ get(): string }>('kv');

function quiet(lines: string[] = []) {
  return createTelemetry({ process: 'test', sink: { write: (line) => lines.push(line) }, processMetrics: false });
}

function host(units: readonly Unit[], more: Partial<HostOptions> = {}) {
  return startHost({ name: 'test', units, environment: {}, telemetry: quiet(), ...more });
}

/** A unit that writes down what happens to it. */
function witness(name: string, story: string[], more: Partial<Running<Record<string, never>>> = {}): Unit {
  return unit({
    name,
    needs: {},
    gives: {},
    start: async () => {
      story.push(`start ${name}`);
      return {
        gives: {},
        drain: async () => void story.push(`drain ${name}`),
        stop: async () => void story.push(`stop ${name}`),
        ...more,
      };
    },
  });
}

describe('a host', () => {
  it('hands what one unit gives to those who need it', async () => {
    let seen = '';
    const state = unit({ name: 'state', needs: {}, gives: { kv: KV }, start: async () => ({ gives: { kv: { get: () => 'value' } } }) });
    const reader = unit({
      name: 'reader',
      needs: { kv: KV },
      gives: {},
      start: async ({ kv }) => {
        seen = kv.get();
        return { gives: {} };
      },
    });
    const running = await host([reader, state]);
    assert.equal(seen, 'value');
    await running.stop();
  });

  it('drains all in reverse order before it stops any, once', async () => {
    const story: string[] = [];
    const running = await host([witness('a', story), witness('b', story)]);
    await Promise.all([running.stop(), running.stop()]);
    assert.deepEqual(story, ['start a', 'start b', 'drain b', 'drain a', 'stop b', 'stop a']);
    assert.deepEqual(await running.ended, { kind: 'stopped' });
  });

  it('stops those that run when one does not start, and names the one', async () => {
    const story: string[] = [];
    const broken = unit({ name: 'broken', needs: {}, gives: {}, start: () => Promise.reject(new Error('disk is missing')) });
    await assert.rejects(host([witness('a', story), broken, witness('c', story)]), /unit "broken" did not start: disk is missing/);
    assert.deepEqual(story, ['start a', 'drain a', 'stop a']);
  });

  it('gives up at the start deadline and still releases what starts too late', async () => {
    const late = Promise.withResolvers<Running<Record<string, never>>>();
    let released = false;
    const slow = unit({ name: 'slow', needs: {}, gives: {}, start: () => late.promise });
    const starting = host([slow], { startDeadlineMs: 20 });
    const failed = assert.rejects(starting, /unit "slow" did not start: the start deadline passed/);
    setTimeout(() => late.resolve({ gives: {}, stop: async () => void (released = true) }), 60);
    await failed;
    assert.equal(released, true);
  });

  it('refuses a unit that does not give what it declares', async () => {
    const liar: Unit = { name: 'liar', needs: {}, gives: { kv: KV }, start: async () => ({ gives: {} }) };
    await assert.rejects(host([liar]), /unit "liar" did not start: it declares that it gives "kv" but did not/);
  });

  it('aborts the drain signal at the deadline, logs who is late, and goes on', async () => {
    const story: string[] = [];
    const lines: string[] = [];
    let aborted = false;
    const stuck = witness('stuck', story, {
      drain: (deadline: AbortSignal) => {
        deadline.addEventListener('abort', () => (aborted = true));
        return new Promise<void>(() => {});
      },
    });
    const running = await host([witness('a', story), stuck], { drainDeadlineMs: 30, telemetry: quiet(lines) });
    await running.stop();
    assert.equal(aborted, true);
    assert.match(lines.join(''), /unit \\"stuck\\" did not drain in time/);
    assert.deepEqual(story, ['start a', 'start stuck', 'drain a', 'stop stuck', 'stop a']);
  });

  it('stops all and says who when a unit crashes', async () => {
    const story: string[] = [];
    let context: UnitContext | undefined;
    const fragile = unit({
      name: 'fragile',
      needs: {},
      gives: {},
      start: async (_, given) => {
        context = given;
        return { gives: {} };
      },
    });
    const running = await host([witness('a', story), fragile]);
    const cause = new Error('the file is corrupt');
    context?.crash(cause);
    assert.deepEqual(await running.ended, { kind: 'crashed', unit: 'fragile', cause });
    assert.deepEqual(story, ['start a', 'drain a', 'stop a']);
  });
});

describe('the operations listener', () => {
  it('answers readiness, health with reasons, and metrics; and closes with the host', async () => {
    let ready = false;
    let health: Health = { kind: 'well' };
    const units = [witness('a', [], { ready: () => ready, health: () => health })];
    const telemetry = quiet();
    telemetry.metrics.counter('bioscope_test_things_total', 'Things.').add({});
    const running = await host(units, { telemetry, operations: { address: '127.0.0.1', port: 0 } });
    const get = async (path: string) => {
      const response = await fetch(`http://${running.operationsAddress}${path}`);
      return { status: response.status, text: await response.text() };
    };
    try {
      assert.equal((await get('/readyz')).status, 503);
      ready = true;
      assert.equal((await get('/readyz')).status, 200);
      assert.equal((await get('/healthz')).status, 200);
      health = { kind: 'ill', because: 'disk full' };
      const ill = await get('/healthz');
      assert.equal(ill.status, 503);
      assert.match(ill.text, /disk full/);
      assert.match((await get('/metrics')).text, /bioscope_test_things_total 1/);
      assert.equal((await get('/other')).status, 404);
      const posted = await fetch(`http://${running.operationsAddress}/metrics`, { method: 'POST' });
      assert.equal(posted.status, 405);
    } finally {
      await running.stop();
    }
    await assert.rejects(get('/healthz'));
  });

  it('answers 503, not 500, when a check itself fails', async () => {
    const faulty = witness('faulty', [], {
      ready: () => {
        throw new Error('no idea');
      },
    });
    const running = await host([faulty], { operations: { address: '127.0.0.1', port: 0 } });
    try {
      const response = await fetch(`http://${running.operationsAddress}/readyz`);
      assert.equal(response.status, 503);
      assert.match(await response.text(), /its check failed: no idea/);
    } finally {
      await running.stop();
    }
  });

  it('names address and port when the port is taken, and starts nothing', async () => {
    const first = await host([], { operations: { address: '127.0.0.1', port: 0 } });
    const story: string[] = [];
    try {
      const taken = Number(first.operationsAddress?.split(':')[1]);
      await assert.rejects(
        host([witness('a', story)], { operations: { address: '127.0.0.1', port: taken } }),
        new RegExp(`127.0.0.1:${taken}`),
      );
      assert.deepEqual(story, []);
    } finally {
      await first.stop();
    }
  });
});
