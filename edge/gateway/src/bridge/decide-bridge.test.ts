import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gatewaysToBridgeTo, NO_BRIDGE, planBridge } from './decide-bridge.ts';

const door = (address: string, healthy = true) => ({ address, healthy });
const region = (name: string, bridgeShare: number, bridgeTo: readonly string[], gateways: readonly ReturnType<typeof door>[] = []) => ({
  name,
  bridgeShare,
  bridgeTo,
  zones: [{ gateways }],
});
const gateway = (address: string, of: string, isDoubtful = false) => ({
  service: 'gateway',
  instanceId: address,
  address,
  zone: '1',
  region: of,
  load: 0,
  isDoubtful,
});

describe('what is handed to other regions', () => {
  it('is nothing where the picture says nothing of the own region, or no share', () => {
    assert.equal(planBridge('a', []), NO_BRIDGE);
    assert.equal(planBridge('a', [region('b', 1, ['a'])]), NO_BRIDGE);
    assert.equal(planBridge('a', [region('a', 0, ['b'])]), NO_BRIDGE);
    assert.equal(planBridge('a', [region('a', Number.NaN, ['b'])]), NO_BRIDGE);
  });

  it('never goes to the own region, and never more than everything', () => {
    const plan = planBridge('a', [region('a', 7, ['a', 'b'])]);
    assert.deepEqual([plan.share, plan.to], [1, ['b']]);
  });

  it('goes to gateways of the named regions whose doors are not known to be ill', () => {
    const plan = planBridge('a', [
      region('a', 0.5, ['b'], [door('127.1.1.1:80')]),
      region('b', 0, [], [door('127.2.1.1:80', false), door('127.2.2.1:80'), door('127.2.3.1:80', false), door('127.2.3.1:81')]),
    ]);
    const [own, ill, well, mended, unknown, other] = [
      gateway('127.1.1.1:7001', 'a'),
      gateway('127.2.1.1:7001', 'b'),
      gateway('127.2.2.1:7001', 'b'),
      gateway('127.2.3.1:7001', 'b'),
      gateway('127.2.9.1:7001', 'b'),
      gateway('127.3.1.1:7001', 'c'),
    ];
    assert.deepEqual(gatewaysToBridgeTo(plan, [own, ill, well, mended, unknown, other]), [well, mended, unknown]);
  });

  it('goes to doubtful ones only when there are no others', () => {
    const plan = planBridge('a', [region('a', 1, ['b'])]);
    const [sure, doubtful] = [gateway('127.2.1.1:7001', 'b'), gateway('127.2.2.1:7001', 'b', true)];
    assert.deepEqual(gatewaysToBridgeTo(plan, [sure, doubtful]), [sure]);
    assert.deepEqual(gatewaysToBridgeTo(plan, [doubtful]), [doubtful]);
  });
});
