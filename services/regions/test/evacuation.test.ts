import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { directedOf } from '../src/domain/course.ts';
import type { Run } from '../src/domain/course.ts';
import { simulateRegions, TTL_MS } from './simulated-regions.ts';
import type { Simulation } from './simulated-regions.ts';

const RUNS = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 500 : 30;

function two(change: { a?: object; b?: object } = {}): Simulation {
  const region = { demandPerSecond: 100, capacityPerSecond: 1_000, errorRate: 0, alive: true };
  const simulation = simulateRegions({ a: { ...region, ...change.a }, b: { ...region, ...change.b } });
  simulation.run(5_000);
  return simulation;
}
const kinds = (run: Run): string[] => run.steps.map(({ kind }) => kind);
function state(simulation: Simulation, region = 'a') {
  const { relief: _, relievedAtMs: __, ...directed } = directedOf(simulation.course(), region);
  return directed;
}

describe('an evacuation', () => {
  it('bridges at a rising share, leaves DNS, waits for every answer to run out, and verifies that nobody comes', () => {
    const simulation = two();
    assert.equal(simulation.begin('evacuate', 'a'), null);
    const run = simulation.runToEnd();
    assert.deepEqual(kinds(run), ['checked', 'bridge', 'bridge', 'bridge', 'bridge', 'dns', 'drained', 'verified']);
    assert.deepEqual(
      run.steps.map(({ bridgeShare }) => bridgeShare),
      [0, 0.1, 0.25, 0.5, 1, 1, 1, 1],
    );
    assert.deepEqual(state(simulation), { state: 'evacuated', weight: 0, bridgeShare: 1 });
    assert.equal(run.verification?.passed, true, run.verification?.text ?? 'no verification');
    const dns = run.steps.find(({ kind }) => kind === 'dns')?.atMs ?? 0;
    const drained = run.steps.find(({ kind }) => kind === 'drained')?.atMs ?? 0;
    assert(drained - dns >= TTL_MS + 5_000, 'not before the last answer ran out');
    assert((run.verification?.secondsFromDnsToLastArrival ?? Infinity) <= TTL_MS / 1_000 + 5);
    assert.equal(Math.round(run.verification?.arrivedPerSecondBefore ?? 0), 100);
    assert.equal(run.verification?.servedHerePerSecond, 0);
  });

  it('holds while errors rise a little where the traffic goes, and goes on when they stop', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.run(4_000);
    simulation.regions['b'] = { ...simulation.regions['b']!, errorRate: 0.03 };
    simulation.run(20_000);
    const held = state(simulation).bridgeShare;
    assert(held < 1, 'did not rise to the end');
    simulation.run(10_000);
    assert.equal(state(simulation).bridgeShare, held);
    simulation.regions['b'].errorRate = 0;
    const run = simulation.runToEnd();
    assert.equal(run.ended?.outcome, 'done');
    assert.equal(kinds(run).filter((kind) => kind === 'held').length, 1, 'said once');
  });

  it('goes back when the others fail, gives up in the end, and the region serves as before', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.run(4_000);
    simulation.regions['b'] = { ...simulation.regions['b']!, errorRate: 0.15 };
    const run = simulation.runToEnd();
    assert.equal(run.ended?.outcome, 'given_up');
    assert(kinds(run).includes('back'));
    assert.deepEqual(state(simulation), { state: 'serving', weight: 1, bridgeShare: 0 });
  });

  it('goes on in spite of errors when forced', () => {
    const simulation = two({ b: { errorRate: 0.1 } });
    assert.equal(simulation.begin('evacuate', 'a', true), null);
    assert.equal(simulation.runToEnd().ended?.outcome, 'done');
  });

  it('leaves DNS at once when no gateway of the region can bridge, and does not claim to have counted', () => {
    const simulation = two();
    simulation.regions['a']!.alive = false;
    simulation.run(4_000);
    assert.equal(simulation.begin('evacuate', 'a'), null);
    simulation.run(1_000);
    assert.equal(state(simulation).weight, 0);
    const run = simulation.runToEnd();
    assert.deepEqual(kinds(run), ['checked', 'dns', 'drained', 'verified']);
    assert.partialDeepStrictEqual(run.verification, { passed: false, measured: false });
    assert.equal(run.ended?.outcome, 'done');
  });

  it('can be turned by a restore, and a restore by an evacuation', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.run(8_000);
    assert(state(simulation).bridgeShare > 0);
    assert.equal(simulation.begin('restore', 'a'), null);
    assert.equal(simulation.course().runs[0]?.ended?.outcome, 'superseded');
    simulation.run(8_000);
    assert.equal(simulation.begin('evacuate', 'a'), null);
    simulation.runToEnd();
    assert.equal(simulation.begin('restore', 'a'), null);
    simulation.run(4_000);
    assert.equal(simulation.begin('evacuate', 'a'), null);
    const again = simulation.runToEnd();
    assert.equal(again.ended?.outcome, 'done');
    assert.deepEqual(state(simulation), { state: 'evacuated', weight: 0, bridgeShare: 1 });
  });
});

describe('a return', () => {
  it('lowers the bridge, then raises DNS, each share for as long as resolvers need to hear of it', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.runToEnd();
    assert.equal(simulation.begin('restore', 'a'), null);
    const run = simulation.runToEnd();
    assert.deepEqual(
      run.steps.map(({ bridgeShare, weight }) => [bridgeShare, weight]),
      [
        [1, 0],
        [0.5, 0],
        [0.25, 0],
        [0.1, 0],
        [0, 0],
        [0, 0.1],
        [0, 0.25],
        [0, 0.5],
        [0, 1],
      ],
    );
    assert.deepEqual(state(simulation), { state: 'serving', weight: 1, bridgeShare: 0 });
  });

  it('goes back to evacuated when the region fails again', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.runToEnd();
    simulation.begin('restore', 'a');
    simulation.run(60_000);
    assert(state(simulation).weight > 0);
    simulation.regions['a']!.errorRate = 0.5;
    assert.equal(simulation.runToEnd().ended?.outcome, 'given_up');
    assert.deepEqual(state(simulation), { state: 'evacuated', weight: 0, bridgeShare: 1 });
  });
});

describe('refusals', () => {
  it('name the figures when the others cannot take it, unless forced', () => {
    const simulation = two({ b: { capacityPerSecond: 150 } });
    const refused = simulation.begin('evacuate', 'a');
    assert.equal(refused?.code, 'capacity');
    assert.deepEqual([Math.round(refused.neededPerSecond), Math.round(refused.sparePerSecond)], [100, 35]);
    assert.match(refused.text, /^100 requests per second would move to b, which can take 35 besides their own; .*force/);
    assert.equal(simulation.begin('evacuate', 'a', true), null);
  });

  it('keep the only region that serves, also against force', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.runToEnd();
    assert.equal(simulation.begin('evacuate', 'b', true)?.code, 'only_serving_region');
    const alone = simulateRegions({ a: { demandPerSecond: 1, capacityPerSecond: 10, errorRate: 0, alive: true } });
    alone.run(1_000);
    assert.equal(alone.begin('evacuate', 'a', true)?.code, 'only_serving_region');
  });

  it('are one at a time, and nothing twice', () => {
    const simulation = two();
    assert.equal(simulation.begin('restore', 'a')?.code, 'already');
    assert.equal(simulation.begin('evacuate', 'x')?.code, 'unknown_region');
    simulation.begin('evacuate', 'a');
    assert.equal(simulation.begin('evacuate', 'a')?.code, 'already');
    assert.equal(simulation.begin('evacuate', 'b')?.code, 'another_run');
    simulation.runToEnd();
    simulation.regions['a']!.alive = false;
    simulation.run(10_000);
    assert.equal(simulation.begin('restore', 'a')?.code, 'ill');
  });
});

describe('by itself', () => {
  it('evacuates a dead region within half a minute, and names its reason', () => {
    const simulation = two();
    simulation.regions['a']!.alive = false;
    simulation.run(20_000);
    assert.equal(state(simulation).weight, 0);
    const [run] = simulation.course().runs;
    assert.partialDeepStrictEqual(run, { kind: 'evacuate', region: 'a', by: '', reason: 'none of its 3 gateways reports' });
  });

  it('does nothing about a short illness', () => {
    const simulation = two();
    simulation.regions['a']!.alive = false;
    simulation.run(8_000);
    assert.equal(simulation.picture()[0]?.health.well, false);
    simulation.regions['a']!.alive = true;
    simulation.run(120_000);
    assert.deepEqual(simulation.events, []);
    assert.equal(simulation.picture()[0]?.health.well, true);
  });

  it('never takes the last region, nor a second one meanwhile, and says so', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.runToEnd();
    simulation.regions['b'] = { ...simulation.regions['b']!, errorRate: 0.6 };
    simulation.run(60_000);
    assert.equal(state(simulation, 'b').state, 'serving');
    assert.match(simulation.picture()[1]?.note ?? '', /^not evacuated: b is the only region/);
  });

  it('does not move a living region’s traffic to where it does not fit, and says so', () => {
    const simulation = two({ b: { capacityPerSecond: 150 } });
    simulation.regions['a']!.errorRate = 0.4;
    simulation.run(30_000);
    assert.equal(state(simulation).state, 'serving');
    assert.match(simulation.picture()[0]?.note ?? '', /^not evacuated: 100 requests per second would move to b, which can take 35/);
  });

  it('believes nobody dead when it could not listen, or when nobody anywhere reports', () => {
    const simulation = two();
    simulation.standStill(60_000);
    simulation.run(1_000);
    assert.deepEqual(
      simulation.picture().map(({ health }) => health.well),
      [true, true],
    );
    for (const region of Object.values(simulation.regions)) region.alive = false;
    simulation.run(60_000);
    assert.deepEqual(
      simulation.picture().map(({ health }) => health.well),
      [true, true],
    );
    assert.deepEqual(simulation.events, []);
  });

  it('does not turn against an operator who wants an ill region back', () => {
    const simulation = two();
    simulation.begin('evacuate', 'a');
    simulation.runToEnd();
    simulation.regions['a']!.errorRate = 0.4;
    assert.equal(simulation.begin('restore', 'a', true), null);
    simulation.runToEnd();
    simulation.run(60_000);
    assert.equal(state(simulation).state, 'serving');
    assert.match(simulation.picture()[0]?.note ?? '', /^not evacuated: its last run ended/);
  });
});

describe('a region that has too much to do', () => {
  const weights = (simulation: Simulation): number[] => simulation.picture().map(({ weight }) => weight);

  it('gets less until it fits, waits after each step for resolvers to hear of it, and gets its networks back when it is quiet', () => {
    const simulation = two({ a: { demandPerSecond: 100, capacityPerSecond: 95 } });
    simulation.run(10_000);
    assert.deepEqual(weights(simulation), [0.9, 1]);
    simulation.run(400_000);
    const steady = simulation.events.length;
    const [weight = 0] = weights(simulation);
    assert(weight <= 0.9 && weight >= 0.7, `${weight}`);
    simulation.run(400_000);
    assert.equal(simulation.events.length, steady, 'nothing moves back and forth');
    simulation.regions['a']!.demandPerSecond = 30;
    simulation.run(600_000);
    assert.deepEqual(weights(simulation), [1, 1]);
    const times = simulation.events.flatMap((event) => (event.type === 'region.relieved' ? [event.atMs] : []));
    for (const [i, atMs] of times.entries()) assert(i === 0 || atMs - (times[i - 1] ?? 0) >= TTL_MS + 5_000);
  });

  it('is not taken for one that is busy with itself while hardly anybody comes', () => {
    const starting = two({ a: { demandPerSecond: 2, isBusyWithItself: true } });
    starting.run(60_000);
    assert.deepEqual(weights(starting), [1, 1]);
    const busy = two({ a: { demandPerSecond: 50, isBusyWithItself: true } });
    busy.run(10_000);
    assert.deepEqual(weights(busy), [0.9, 1]);
  });

  it('keeps what the others have no room for', () => {
    const simulation = two({ a: { demandPerSecond: 100, capacityPerSecond: 105 }, b: { demandPerSecond: 90, capacityPerSecond: 100 } });
    simulation.run(300_000);
    assert.deepEqual(weights(simulation), [1, 1]);
    assert.deepEqual(simulation.events, []);
  });

  it('is not relieved while a region is evacuated, and comes back whole', () => {
    const simulation = two({ a: { demandPerSecond: 100, capacityPerSecond: 105 } });
    simulation.run(10_000);
    assert.equal(weights(simulation)[0], 0.9);
    assert.equal(simulation.begin('evacuate', 'a'), null);
    simulation.run(4_000);
    assert.equal(weights(simulation)[0], 0.9, 'leaving, it does not get more again');
    simulation.runToEnd();
    assert.equal(weights(simulation)[0], 0);
    simulation.regions['a']!.demandPerSecond = 20;
    simulation.begin('restore', 'a');
    simulation.runToEnd();
    assert.equal(weights(simulation)[0], 1);
  });
});

describe('whatever happens', () => {
  const deed = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('run' as const), ms: fc.integer({ min: 500, max: 40_000 }) }) },
    fc.record({ do: fc.constant('restart' as const) }),
    fc.record({ do: fc.constant('stand_still' as const), ms: fc.integer({ min: 500, max: 15_000 }) }),
    fc.record({
      do: fc.constantFrom('evacuate' as const, 'restore' as const),
      region: fc.constantFrom('a', 'b', 'c'),
      force: fc.boolean(),
    }),
    fc.record({ do: fc.constant('die' as const), region: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ do: fc.constant('live' as const), region: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ do: fc.constant('fail' as const), region: fc.constantFrom('a', 'b', 'c'), rate: fc.constantFrom(0, 0.02, 0.1, 0.4) }),
  );

  it('one region at least serves or is on its way, at most one run goes on, and no share leaves its bounds', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 14 }), (deeds) => {
        const region = { demandPerSecond: 50, capacityPerSecond: 200, errorRate: 0, alive: true };
        const simulation = simulateRegions({ a: { ...region }, b: { ...region }, c: { ...region } });
        simulation.run(4_000);
        for (const done of deeds) {
          if (done.do === 'run') simulation.run(done.ms);
          else if (done.do === 'restart') simulation.restart();
          else if (done.do === 'stand_still') simulation.standStill(done.ms);
          else if (done.do === 'die') simulation.regions[done.region]!.alive = false;
          else if (done.do === 'live') simulation.regions[done.region]!.alive = true;
          else if (done.do === 'fail') simulation.regions[done.region]!.errorRate = done.rate;
          else simulation.begin(done.do, done.region, done.force);
          simulation.run(500);
          const picture = simulation.picture();
          assert(
            picture.some(({ state: each, weight }) => each !== 'evacuated' && weight > 0),
            'DNS has nowhere to send anybody',
          );
          assert(simulation.course().runs.filter(({ ended }) => ended === null).length <= 1);
          for (const { weight, bridgeShare, bridgeTo, name } of picture) {
            assert(weight >= 0 && weight <= 1 && bridgeShare >= 0 && bridgeShare <= 1);
            assert(!bridgeTo.includes(name));
          }
        }
        // And in peace every run comes to its end.
        for (const each of Object.values(simulation.regions)) Object.assign(each, { alive: true, errorRate: 0 });
        simulation.run(400_000);
        assert(simulation.course().runs.every(({ ended }) => ended !== null));
      }),
      { numRuns: RUNS },
    );
  });

  it('a run whose process dies between any two steps ends as if it had lived', () => {
    const story = (killed: number): readonly string[] => {
      const simulation = two();
      simulation.begin('evacuate', 'a');
      for (let step = 0; simulation.course().runs[0]?.ended === null; step += 1) {
        const before = simulation.events.length;
        while (simulation.events.length === before) simulation.run(500);
        if (step === killed) {
          simulation.restart();
          simulation.standStill(4_000);
        }
      }
      return simulation.course().runs.flatMap((run) => [...kinds(run), run.ended?.outcome ?? '', `passed ${run.verification?.passed}`]);
    };
    const undisturbed = story(-1);
    for (let killed = 0; killed < 8; killed += 1) assert.deepEqual(story(killed), undisturbed, `killed after step ${killed}`);
  });
});
