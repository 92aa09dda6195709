import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assert as asserting, asyncProperty, constantFrom, double, integer, nat } from 'fast-check';
import { ruleFrom, runExperiment, splitOf } from '../src/index.ts';
import type { Experiment, RunNeeds } from '../src/index.ts';
import { scriptedService } from './scripted-service.ts';

const EXPERIMENT: Experiment = {
  name: 'lose-play',
  hypothesis: 'Nobody notices that a play process is gone.',
  fallback: 'Another zone plays.',
  steady: [
    { figure: 'requestsFailed', atMost: 0 },
    { figure: 'startsPerSecond', atLeast: 1 },
  ],
  fault: { kind: 'hold', selection: { group: 'play', count: 1 } },
  seconds: 10,
  settleSeconds: 3,
  recoverSeconds: 20,
  abort: { bounds: [{ figure: 'requestsFailed', atMost: 100 }], alpha: 0.01 },
  failuresExpected: false,
};
const RULES: Experiment = {
  ...EXPERIMENT,
  name: 'access-fails',
  fault: { kind: 'rules', rules: [ruleFrom('access-fails.1', { where: { callees: ['access'] } })] },
};

const NEVER = new AbortController().signal;
const run = (needs: RunNeeds, experiment: Experiment, signal: AbortSignal = NEVER) => runExperiment(needs, experiment, signal);

describe('an experiment', () => {
  it('holds when people notice nothing, and ends where it began', async () => {
    const { needs, deeds, journal, instances } = scriptedService({});
    const before = instances();
    const result = await run(needs, EXPERIMENT);
    assert.deepEqual([result.outcome, result.because, result.detectedAfterMs], ['held', [], null]);
    assert.deepEqual(instances(), before);
    assert.equal(deeds.filter((each) => each === 'hold a-2-play').length, 11, 'begun once, renewed each second');
    assert.equal(deeds.at(-1), 'release a-2-play');
    assert.deepEqual(journal, ['begins lose-play: hold a-2-play', 'ends lose-play: held']);
    assert.equal(result.recoveredAfterMs, 2_000);
    assert.equal(result.curve.length > 12, true);
  });

  it('is refuted when people notice, and says when they did and for how long', async () => {
    const { needs } = scriptedService({ outage: ({ down }) => (down.length > 0 ? { all: 0.04 } : {}) });
    const result = await run(needs, EXPERIMENT);
    assert.equal(result.outcome, 'refuted');
    assert.match(result.because.join(), /requestsFailed is \d+, not at most 0/);
    assert.equal(result.detectedAfterMs, 1_000);
    assert.equal(result.unsteadyForMs, 10_000);
    assert.equal(result.counts.requestsFailed > 0, true);
  });

  it('is stopped at once when it hurts, and healed', async () => {
    const { needs, deeds } = scriptedService({ outage: ({ down }) => (down.length > 0 ? { all: 1 } : {}) });
    const result = await run(needs, EXPERIMENT);
    assert.equal(result.outcome, 'aborted');
    assert.equal(result.abortedAfterMs, 2_000, 'a hundred failures a second against a limit of a hundred');
    assert.equal(deeds.at(-1), 'release a-2-play');
  });

  it('keeps rules to the experiment group, and stops when that group fares worse', async () => {
    const split = splitOf('salt', 0.25);
    const { needs, deeds } = scriptedService({ outage: ({ rules }) => (rules.length > 0 ? { experiment: 0.1 } : {}) });
    const put: Experiment['fault'][] = [];
    const spied = { ...needs, split, controller: needs.controller && { ...needs.controller } };
    if (spied.controller !== undefined) {
      const original = spied.controller.put;
      spied.controller.put = (rules, leaseMs) => {
        put.push({ kind: 'rules', rules });
        return original(rules, leaseMs);
      };
    }
    const result = await run(spied, { ...RULES, size: 0.25, abort: { bounds: [], alpha: 0.01 } });
    assert.equal(result.outcome, 'aborted');
    assert.match(result.because.join(), /experiment group fails more/);
    assert.equal((result.evidence ?? 0) >= 100, true);
    assert.equal((result.abortedAfterMs ?? Infinity) <= 5_000, true);
    assert.equal(deeds.at(-1), 'withdraw access-fails.1');
    const [first] = put;
    assert(first?.kind === 'rules');
    assert.deepEqual(first.rules[0]?.who.cohort, split.experiment);
  });

  it('does not stop because both groups fare badly alike', async () => {
    const { needs } = scriptedService({ outage: ({ rules }) => (rules.length > 0 ? { all: 0.1 } : {}) });
    const result = await run({ ...needs, split: splitOf('salt', 0.25) }, { ...RULES, size: 0.25, abort: { bounds: [], alpha: 0.01 } });
    assert.equal(result.outcome, 'refuted');
  });

  it('leashed: watches, says what it would do, and does nothing', async () => {
    const { needs, deeds, journal } = scriptedService({ permit: { mode: 'leashed' } });
    const result = await run(needs, EXPERIMENT);
    assert.equal(result.outcome, 'leashed');
    assert.match(result.timeline.at(-1)?.what ?? '', /would now do: hold a-2-play/);
    assert.deepEqual([deeds, journal], [[], ['would lose-play: hold a-2-play']]);
  });

  it('is not begun when it is off, when something is down or amiss already, when nobody is meant, or when too much is', async () => {
    const refused = async (service: ReturnType<typeof scriptedService>, experiment = EXPERIMENT): Promise<string> => {
      const result = await run(service.needs, experiment);
      assert.equal(result.outcome, 'not_run');
      return result.because.join('; ');
    };
    assert.match(await refused(scriptedService({ permit: { mode: 'off' } })), /off/);
    const broken = scriptedService({});
    await broken.needs.fleet.hold('a-1-edge', 60_000);
    assert.match(await refused(broken), /not everything runs/);
    assert.match(await refused(scriptedService({ outage: () => ({ all: 0.1 }) })), /before the fault: requestsFailed/);
    assert.match(
      await refused(scriptedService({}), { ...EXPERIMENT, fault: { kind: 'kill', selection: { group: 'none' } } }),
      /no running process/,
    );
    const all = { kind: 'hold', selection: {} } as const;
    assert.match(await refused(scriptedService({}), { ...EXPERIMENT, fault: all }), /8 of 8 processes are more/);
    const spent = scriptedService({});
    assert.match(await refused({ ...spent, needs: { ...spent.needs, requestsFailedBefore: 5_000 } }), /budget/);
    assert.match(await refused(scriptedService({}), { ...RULES, size: 0.1 }), /apart/);
    const blind = scriptedService({});
    const figures = { read: () => Promise.reject(new Error('no figures')) };
    assert.match(await refused({ ...blind, needs: { ...blind.needs, figures } }), /no figures/);
    assert.deepEqual(blind.deeds, []);
  });

  it('is worse than refuted when things are not as they were', async () => {
    const { needs } = scriptedService({ restartMs: 3_600_000 });
    const result = await run(needs, EXPERIMENT);
    assert.equal(result.outcome, 'not_healed');
    assert.match(result.because.join(), /afterwards: a-2-play is down/);
  });

  it('heals when a person stops it, and when the fault fails half-way', async () => {
    const stop = new AbortController();
    const stopped = scriptedService({ outage: ({ down }) => (down.length > 0 && stop.abort(), {}) });
    const result = await run(stopped.needs, EXPERIMENT, stop.signal);
    assert.deepEqual([result.outcome, result.because], ['aborted', ['aborted: stopped by hand']]);
    assert.equal(stopped.deeds.at(-1), 'release a-2-play');

    const half = scriptedService({});
    const fleet = {
      ...half.needs.fleet,
      hold: (id: string, leaseMs: number) => (id === 'a-2-play' ? Promise.reject(new Error('no')) : half.needs.fleet.hold(id, leaseMs)),
    };
    const both = await run({ ...half.needs, fleet }, { ...EXPERIMENT, fault: { kind: 'hold', selection: { group: 'play' } } });
    assert.deepEqual([both.outcome, half.deeds.slice(-2)], ['aborted', ['release a-1-play', 'release a-2-play']]);
  });

  it('does what a fault means and undoes it, and does afterwards what it takes; and does not begin what nobody knows', async () => {
    const deeds: string[] = [];
    const begin =
      (name: string) =>
      async ({ region = '' }: Readonly<Record<string, string>>) => {
        deeds.push(`${name} ${region}`);
        return { undo: async () => void deeds.push(`undo ${name}`) };
      };
    const actions = { evacuate: { begin: begin('evacuate') }, restore: { begin: begin('restore') } };
    const experiment: Experiment = {
      ...EXPERIMENT,
      fault: { kind: 'do', action: 'evacuate', args: { region: 'a' } },
      after: { action: 'restore', args: { region: 'a' } },
    };
    assert.equal((await run({ ...scriptedService({}).needs, actions }, experiment)).outcome, 'held');
    assert.deepEqual(deeds, ['evacuate a', 'undo evacuate', 'restore a']);
    const unknown = await run(scriptedService({}).needs, experiment);
    assert.deepEqual([unknown.outcome, unknown.because.length], ['not_run', 2]);
  });

  it('is stopped when it spends the run’s budget of failures, unless failures are part of it', async () => {
    const costly = (): RunNeeds =>
      scriptedService({ outage: ({ down }) => (down.length > 0 ? { all: 0.2 } : {}), permit: { requestsFailedMax: 50 } }).needs;
    const loose = { ...EXPERIMENT, abort: { bounds: [], alpha: 0.01 } };
    assert.match((await run(costly(), loose)).because.join(), /budget/);
    assert.equal((await run(costly(), { ...loose, failuresExpected: true })).outcome, 'refuted');
  });

  it('leaves nothing behind, whatever it does to whom and however it ends', async () => {
    const faults: readonly Experiment['fault'][] = [
      EXPERIMENT.fault,
      { kind: 'pause', selection: { zone: '1' } },
      { kind: 'kill', selection: { group: 'edge' } },
      RULES.fault,
    ];
    const outcomes = new Set<string>();
    await asserting(
      asyncProperty(
        constantFrom(...faults),
        double({ min: 0, max: 1, noNaN: true }),
        integer({ min: 1, max: 20 }),
        nat(12),
        async (fault, all, seconds, stopAfter) => {
          const stop = new AbortController();
          let looks = 0;
          const service = scriptedService({
            outage({ down, rules }) {
              looks += 1;
              if (looks > stopAfter + 8) stop.abort();
              return down.length + rules.length > 0 ? { all } : {};
            },
          });
          const before = service.instances();
          const result = await run(service.needs, { ...EXPERIMENT, fault, seconds }, stop.signal);
          outcomes.add(result.outcome);
          assert.notEqual(result.outcome, 'not_healed');
          assert.deepEqual(service.instances(), before);
          assert.deepEqual(service.standing(), []);
          assert.equal(
            service.journal.filter((each) => each.startsWith('begins')).length,
            service.journal.filter((each) => each.startsWith('ends')).length,
          );
        },
      ),
      { numRuns: 200 },
    );
    for (const outcome of ['held', 'refuted', 'aborted']) assert(outcomes.has(outcome), `no experiment was ${outcome}`);
  });

  it('waits for what it expects, and is refuted when that does not come about in time', async () => {
    const { needs, clock } = scriptedService({});
    const startedAtMs = clock.nowMs;
    const expecting = (withinSeconds: number): Experiment => ({
      ...EXPERIMENT,
      expect: { condition: 'region-evacuated', args: { region: 'a' }, withinSeconds },
    });
    const conditions = {
      'region-evacuated': async ({ region }: Readonly<Record<string, string>>) => region === 'a' && clock.nowMs >= startedAtMs + 9_000,
    };
    const result = await run({ ...needs, conditions }, expecting(8));
    assert.deepEqual([result.outcome, result.reached], ['held', { condition: 'region-evacuated', afterMs: 6_000 }]);
    const other = scriptedService({});
    const late = await run({ ...other.needs, conditions: { 'region-evacuated': async () => false } }, expecting(2));
    assert.equal(late.outcome, 'refuted');
    assert.match(late.because.join(), /did not come about within 2 s/);
  });
});
