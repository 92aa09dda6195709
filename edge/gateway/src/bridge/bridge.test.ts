import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { Instance, Upstream } from '@bioscope/rpc';
import { createBridge } from './bridge.ts';
import type { Bridge, BridgeRoute } from './bridge.ts';

const gateway = (address: string, region: string): Instance => ({
  service: 'gateway',
  instanceId: address,
  address,
  zone: '1',
  region,
  load: 0,
});
const TWO = [gateway('127.2.1.1:7001', 'b'), gateway('127.2.2.1:7001', 'b')];

/** A bridge to region b whose clock and luck the test sets. */
function started(test: TestContext, instances: readonly Instance[] = TWO) {
  const at = { ms: 0, random: 0, instances };
  const upstream: Upstream = { choose: () => undefined, credential: () => ['name', 'value'], close: async () => undefined };
  const bridge = createBridge({
    rpc: { instancesOf: () => at.instances, upstream: () => upstream },
    nowMs: () => at.ms,
    random: () => at.random,
  });
  test.after(() => bridge.close());
  bridge.follow({ share: 0.25, to: ['b'], illHosts: new Set() });
  return { at, bridge };
}

function take(bridge: Bridge): BridgeRoute {
  const route = bridge.choose('app');
  assert(route !== undefined, 'nobody was chosen');
  return route;
}

describe('whom a request is handed to', () => {
  it('is somebody for the share of the plan, and nobody for the rest', (test) => {
    const { at, bridge } = started(test);
    const luck = Array.from({ length: 1_000 }, (_, i) => i / 1_000);
    const handed = luck.filter((random) => {
      at.random = random;
      const route = bridge.choose('app');
      route?.release('answered');
      return route !== undefined;
    });
    assert.equal(handed.length, 250);
    bridge.follow({ share: 0, to: ['b'], illHosts: new Set() });
    at.random = 0;
    assert.equal(bridge.choose('app'), undefined);
  });

  it('is nobody of another region, and nobody where nobody is', (test) => {
    assert.equal(started(test, [gateway('127.3.1.1:7001', 'c')]).bridge.choose('app'), undefined);
    assert.equal(started(test, []).bridge.choose('app'), undefined);
  });

  it('leaves one out that failed, for a second', (test) => {
    const { at, bridge } = started(test, TWO.slice(0, 1));
    take(bridge).release('failed');
    assert.equal(bridge.choose('app'), undefined);
    at.ms += 1_000;
    take(bridge).release('answered');
    take(bridge).release('neither');
    take(bridge).release('answered');
  });

  it('leaves one out that answers none of several requests for a second, until it answers', (test) => {
    const { at, bridge } = started(test, TWO.slice(0, 1));
    const waiting = [take(bridge), take(bridge), take(bridge), take(bridge)];
    at.ms += 1_000;
    assert.equal(bridge.choose('app'), undefined);
    waiting[0]?.release('answered');
    for (const route of [take(bridge), ...waiting.slice(1)]) route.release('answered');
  });

  it('forgets those that are gone', (test) => {
    const { at, bridge } = started(test, TWO.slice(0, 1));
    take(bridge).release('failed');
    at.instances = [];
    assert.equal(bridge.choose('app'), undefined);
    // The same address, but a new process behind it.
    at.instances = TWO.slice(0, 1);
    take(bridge).release('answered');
  });
});
