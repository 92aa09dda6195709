import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { createBalancer } from './balancer.ts';
import type { Balancer, Peer } from './balancer.ts';
import { createPicture } from './picture.ts';
import type { Instance, Picture } from './picture.ts';
import { createPools } from './pools.ts';

/** mulberry32, so that a failure can be repeated with BIOSCOPE_TEST_SEED. */
function seeded(test: TestContext): () => number {
  let state = Number(process.env['BIOSCOPE_TEST_SEED'] ?? randomInt(2 ** 31));
  test.diagnostic(`BIOSCOPE_TEST_SEED=${state}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function instance(instanceId: string, zone = 'a', region = 'north', load = 0): Instance {
  return { service: 'echo', instanceId, address: `${instanceId}:1`, zone, region, load };
}

function start(test: TestContext, instances: readonly Instance[]): { balancer: Balancer; picture: Picture; clock: { nowMs: number } } {
  const picture = createPicture();
  picture.replace(instances);
  const clock = { nowMs: 1_000 };
  const pools = createPools({ connectionsMax: 1 });
  test.after(() => pools.close());
  const balancer = createBalancer({
    unit: 'echo',
    view: picture,
    pools,
    zone: 'a',
    region: 'north',
    nowMs: () => clock.nowMs,
    random: seeded(test),
  });
  return { balancer, picture, clock };
}

/** How often each instance is chosen. */
function count(balancer: Balancer, times: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let n = 0; n < times; n += 1) {
    const id = balancer.choose()?.instance.instanceId ?? 'nobody';
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function failUntilEjected(balancer: Balancer, peer: Peer): void {
  for (let n = 0; n < 5; n += 1) balancer.failed(peer);
}

function choose(balancer: Balancer, id: string): Peer {
  for (let n = 0; n < 1_000; n += 1) {
    const peer = balancer.choose();
    if (peer?.instance.instanceId === id) return peer;
  }
  throw new Error(`${id} is never chosen`);
}

describe('the balancer', () => {
  it('stays in its zone, then in its region, and goes further only when it must', (test) => {
    const far = instance('far', 'z', 'south');
    const near = instance('near', 'b');
    const own = instance('own');
    const { balancer, picture } = start(test, [far, near, own]);
    assert.deepEqual([...count(balancer, 100).keys()], ['own']);
    picture.replace([far, near]);
    assert.deepEqual([...count(balancer, 100).keys()], ['near']);
    picture.replace([far]);
    assert.deepEqual([...count(balancer, 100).keys()], ['far']);
    picture.replace([]);
    assert.equal(balancer.choose(), undefined);
  });

  it('spreads evenly over equals', (test) => {
    const { balancer } = start(
      test,
      ['one', 'two', 'three', 'four'].map((id) => instance(id)),
    );
    const counts = [...count(balancer, 4_000).values()];
    assert.equal(counts.length, 4);
    for (const times of counts) assert(times > 800 && times < 1_200, String(times));
  });

  it('keeps the queues of equals close to each other, as two choices should', (test) => {
    const ids = Array.from({ length: 20 }, (_, n) => `i${n}`);
    const { balancer } = start(
      test,
      ids.map((id) => instance(id)),
    );
    const peers = new Set<Peer>();
    for (let n = 0; n < 2_000; n += 1) {
      const peer = balancer.choose();
      assert(peer !== undefined);
      peer.inFlight += 1;
      peers.add(peer);
    }
    const depths = [...peers].map((peer) => peer.inFlight);
    assert(
      Math.max(...depths) - Math.min(...depths) <= 8,
      `${Math.min(...depths)} to ${Math.max(...depths)}; one random choice would spread over about 40`,
    );
  });

  it('prefers those who say that they have less to do', (test) => {
    const { balancer } = start(test, [instance('idle', 'a', 'north', 0.1), instance('busy', 'a', 'north', 0.9)]);
    assert.deepEqual([...count(balancer, 100).keys()], ['idle']);
  });

  it('leaves out an instance that keeps failing, tries it with one request, and takes it back when that succeeds', (test) => {
    const { balancer, clock } = start(
      test,
      ['good', 'fair', 'bad'].map((id) => instance(id)),
    );
    const bad = choose(balancer, 'bad');
    failUntilEjected(balancer, bad);
    assert.equal(count(balancer, 200).has('bad'), false);
    clock.nowMs += 1_000;
    assert.equal(choose(balancer, 'bad'), bad);
    bad.inFlight = 1;
    assert.equal(count(balancer, 200).has('bad'), false, 'one request at a time while on trial');
    bad.inFlight = 0;
    balancer.failed(bad);
    clock.nowMs += 1_999;
    assert.equal(count(balancer, 200).has('bad'), false, 'twice as long the second time');
    clock.nowMs += 1;
    balancer.succeeded(choose(balancer, 'bad'));
    for (const id of ['good', 'fair', 'bad']) choose(balancer, id).inFlight += 1;
    assert(count(balancer, 200).has('bad'), 'whole again: chosen while it works');
  });

  it('never leaves out more than half, and never the only one', (test) => {
    const { balancer, picture } = start(
      test,
      ['one', 'two', 'three', 'four'].map((id) => instance(id)),
    );
    for (const id of ['one', 'two']) failUntilEjected(balancer, choose(balancer, id));
    const third = choose(balancer, 'three');
    failUntilEjected(balancer, third);
    assert.deepEqual([...count(balancer, 200).keys()].sort(), ['four', 'three']);
    picture.replace([instance('alone')]);
    failUntilEjected(balancer, choose(balancer, 'alone'));
    assert.deepEqual([...count(balancer, 10).keys()], ['alone']);
  });

  it('turns to another instance for the next attempt, and to the same when there is no other', (test) => {
    const { balancer, picture } = start(
      test,
      ['one', 'two'].map((id) => instance(id)),
    );
    const first = choose(balancer, 'one');
    for (let n = 0; n < 50; n += 1) assert.equal(balancer.choose([first])?.instance.instanceId, 'two');
    picture.replace([instance('one')]);
    assert.equal(balancer.choose([first]), first);
  });

  it('remembers what it knows of an instance when the picture changes around it', (test) => {
    const { balancer, picture } = start(
      test,
      ['good', 'bad'].map((id) => instance(id)),
    );
    failUntilEjected(balancer, choose(balancer, 'bad'));
    picture.replace(['good', 'bad', 'new'].map((id) => instance(id)));
    assert.equal(count(balancer, 200).has('bad'), false);
  });

  it('asks a doubtful instance only when nobody else is there, however near it is', (test) => {
    const doubtful = { ...instance('doubtful'), isDoubtful: true };
    const { balancer, picture } = start(test, [doubtful, instance('far', 'z', 'south')]);
    assert.deepEqual([...count(balancer, 100).keys()], ['far']);
    picture.replace([doubtful, { ...instance('remote', 'z', 'south'), isDoubtful: true }]);
    assert.deepEqual([...count(balancer, 100).keys()], ['doubtful']);
  });

  it('gives an instance that has not answered yet one request at a time, as long as others have', (test) => {
    const { balancer, picture } = start(test, [instance('old')]);
    balancer.succeeded(choose(balancer, 'old'));
    picture.replace([instance('old'), instance('new')]);
    const young = choose(balancer, 'new');
    young.inFlight = 1;
    choose(balancer, 'old').inFlight = 20;
    assert.deepEqual([...count(balancer, 200).keys()], ['old']);
    balancer.succeeded(young);
    assert.equal(count(balancer, 200).get('new'), 200, 'afterwards it is what it is: less busy');
  });

  it('uses those it has when nobody has answered yet', (test) => {
    const { balancer } = start(
      test,
      ['one', 'two'].map((id) => instance(id)),
    );
    for (const id of ['one', 'two']) choose(balancer, id).inFlight = 3;
    assert.deepEqual([...count(balancer, 100).keys()].sort(), ['one', 'two']);
  });

  it('lets the share of a new instance grow with its age', (test) => {
    const upMs = (ms: number): Instance[] => [
      { ...instance('old'), upMs: 60_000 },
      { ...instance('new'), upMs: ms },
    ];
    const { balancer, clock } = start(test, upMs(0));
    for (const id of ['old', 'new']) balancer.succeeded(choose(balancer, id));
    const shares = [0, 2_500, 5_000].map((afterMs) => {
      clock.nowMs += afterMs;
      return (count(balancer, 4_000).get('new') ?? 0) / 4_000;
    });
    for (const [n, wanted] of [0.05, 0.125, 0.375].entries()) {
      const share = shares[n] ?? 0;
      assert(Math.abs(share - wanted) < 0.04, `${share} instead of ${wanted}`);
    }
  });

  it('leaves out an instance that has answered nothing for a second while several requests wait, without waiting for their deadlines', (test) => {
    const { balancer, clock } = start(test, [instance('paused'), instance('other', 'b')]);
    const paused = choose(balancer, 'paused');
    paused.inFlight = 4;
    clock.nowMs += 999;
    assert.deepEqual([...count(balancer, 50).keys()], ['paused']);
    clock.nowMs += 1;
    assert.deepEqual([...count(balancer, 50).keys()], ['other']);
    balancer.succeeded(paused);
    assert.deepEqual([...count(balancer, 50).keys()], ['paused'], 'it was only slow: an answer makes it whole');
  });
});

describe('a zone with too much to do', () => {
  const zones = (own: number, other: number): Instance[] => [instance('own', 'a', 'north', own), instance('other', 'b', 'north', other)];

  /** The share of requests that leaves the zone. */
  function share(test: TestContext, instances: readonly Instance[]): number {
    const { balancer } = start(test, instances);
    return 1 - (count(balancer, 4_000).get('own') ?? 0) / 4_000;
  }

  it('keeps its requests as long as it is well, or the others are no better', (test) => {
    assert.equal(share(test, zones(0.8, 0)), 0);
    assert.equal(share(test, zones(1, 0.9)), 0);
    assert.equal(share(test, [instance('own', 'a', 'north', 1), instance('far', 'z', 'south')]), 0, 'not for another region');
  });

  it('gives away what is too much, not everything', (test) => {
    const away = share(test, zones(1, 0.2));
    assert(away > 0.15 && away < 0.25, String(away));
  });

  it('counts what waits there', (test) => {
    const { balancer, clock } = start(test, zones(0, 0));
    const own = choose(balancer, 'own');
    balancer.succeeded(own);
    own.inFlight = 64;
    clock.nowMs += 50;
    const away = (count(balancer, 4_000).get('other') ?? 0) / 4_000;
    assert(away > 0.55 && away < 0.65, String(away));
  });

  it('warms up its only instance with a part of its requests while the other zones do the rest', (test) => {
    const away = share(test, [
      { ...instance('own'), upMs: 2_500 },
      { ...instance('other', 'b'), upMs: 60_000 },
    ]);
    assert(away > 0.7 && away < 0.8, String(away));
  });
});
