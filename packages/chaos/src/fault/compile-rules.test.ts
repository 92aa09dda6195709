import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { SCOPE_HEADER, scopeOf } from '@bioscope/rpc';
import { cohortOf, isInShare, splitOf } from './cohort.ts';
import { compileRules, jumpOf } from './compile-rules.ts';
import type { Point } from './compile-rules.ts';
import { ruleFrom } from './rule-from.ts';
import type { FaultRule } from './rule.ts';

const SELF = { region: 'a', zone: '1', group: 'play' };
const RUNS = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 5_000 : 300;

function point(given: Partial<Omit<Point, 'header'>> = {}, headers: Record<string, string> = {}): Point {
  return { side: 'server', caller: 'gateway', callee: 'playback', method: 'StartSession', header: (name) => headers[name], ...given };
}

const names = fc.subarray(['gateway', 'graph', 'playback', 'access', 'home']);
const anyRule: fc.Arbitrary<FaultRule> = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9]{1,8}$/),
    callers: names,
    callees: names,
    methods: fc.subarray(['StartSession', 'Decide']),
    regions: fc.subarray(['a', 'b']),
    zones: fc.subarray(['1', '2']),
    side: fc.constantFrom('client' as const, 'server' as const, 'store' as const),
    share: fc.constantFrom(0.25, 1),
  })
  .map(({ id, share, ...where }) => ruleFrom(id, { where, share }));
const anyPoint = fc
  .record({
    side: fc.constantFrom('client' as const, 'server' as const, 'store' as const),
    caller: fc.constantFrom('gateway', 'graph', 'home'),
    callee: fc.constantFrom('playback', 'access', 'home', 'chaos'),
    method: fc.constantFrom('StartSession', 'Decide', 'Other'),
  })
  .map((given) => point(given));

describe('compileRules', () => {
  it('strikes where every condition holds, and nowhere else', () => {
    const match = compileRules([ruleFrom('r', { where: { callees: ['playback'], methods: ['StartSession'], zones: ['1'] } })], SELF);
    assert.equal(match(point(), Math.random)?.ruleId, 'r');
    assert.equal(match(point({ callee: 'access' }), Math.random), undefined);
    assert.equal(match(point({ method: 'Heartbeat' }), Math.random), undefined);
    assert.equal(match(point({ side: 'client' }), Math.random), undefined);
    assert.equal(compileRules([ruleFrom('r', { where: { zones: ['2'] } })], SELF)(point(), Math.random), undefined);
  });

  it('agrees with the rule read word for word, takes the first that fits, and spares what takes the orders', () => {
    fc.assert(
      fc.property(
        fc.array(anyRule, { maxLength: 5 }),
        anyPoint,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (rules, at, draw) => {
          const holds = (list: readonly string[], name: string): boolean => list.length === 0 || list.includes(name);
          const expected = rules.find(
            ({ where, share }) =>
              where.side === at.side &&
              holds(where.callers, at.caller) &&
              holds(where.callees, at.callee) &&
              holds(where.methods, at.method) &&
              holds(where.regions, SELF.region) &&
              holds(where.zones, SELF.zone) &&
              draw < share,
          );
          const found = compileRules(rules, SELF)(at, () => draw);
          assert.equal(found?.ruleId, at.callee === 'chaos' ? undefined : expected?.id);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('concerns requests with the header, and the accounts of the cohort', () => {
    const byHeader = compileRules([ruleFrom('r', { who: { header: { name: 'x-device', value: 'tv' } } })], SELF);
    assert.equal(byHeader(point({}, { 'x-device': 'tv' }), Math.random)?.ruleId, 'r');
    assert.equal(byHeader(point({}, { 'x-device': 'phone' }), Math.random), undefined);
    const all = compileRules([ruleFrom('r', { who: { cohort: { salt: 's', from: 0, to: 1 } } })], SELF);
    assert.equal(all(point({}, { [SCOPE_HEADER]: scopeOf('ada') }), Math.random)?.ruleId, 'r');
    assert.equal(all(point(), Math.random), undefined, 'background work is nobody’s');
  });

  it('delays by the same time, or by a tail whose median is the delay and which has an end', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (draw) => {
        const fixed = compileRules([ruleFrom('r', { what: { effect: 'pass', delayMs: 50 } })], SELF);
        assert.equal(fixed(point(), () => draw)?.delayMs, 50);
        const tail = compileRules([ruleFrom('r', { what: { effect: 'pass', delayMs: 50, delayMsMax: 2_000 } })], SELF);
        const delayMs = tail(point(), () => draw)?.delayMs ?? -1;
        assert(delayMs >= 0 && delayMs <= 2_000);
        assert.equal(delayMs < 50, draw < 0.5);
      }),
      { numRuns: RUNS },
    );
  });

  it('adds up the jumps of the clock that concern this process', () => {
    const jump = (id: string, jumpMs: number, zones: string[]): FaultRule =>
      ruleFrom(id, { where: { side: 'clock', zones }, what: { effect: 'jump', jumpMs } });
    assert.equal(jumpOf([jump('a', 5_000, []), jump('b', -2_000, ['1']), jump('c', 99, ['2'])], SELF), 3_000);
  });
});

describe('cohorts', () => {
  const ACCOUNTS = Array.from({ length: 20_000 }, (_, at) => `account-${at}`);

  it('are of about equal size, of the size asked for, and never overlap', () => {
    const split = splitOf('experiment-1', 0.1);
    const sizes = { control: 0, experiment: 0, none: 0 };
    for (const account of ACCOUNTS) sizes[cohortOf(account, split) ?? 'none'] += 1;
    // 2 000 expected, standard deviation 42.
    assert(Math.abs(sizes.control - 2_000) < 250 && Math.abs(sizes.experiment - 2_000) < 250, JSON.stringify(sizes));
    for (const account of ACCOUNTS.slice(0, 1_000))
      assert(!(isInShare(scopeOf(account), split.control) && isInShare(scopeOf(account), split.experiment)));
  });

  it('stay with an account in one experiment, and are other people in the next', () => {
    const [one, two] = [splitOf('one', 0.25), splitOf('two', 0.25)];
    const both = ACCOUNTS.filter((each) => cohortOf(each, one) === 'experiment' && cohortOf(each, two) === 'experiment').length;
    // Independent: a sixteenth of all.
    assert(Math.abs(both - 1_250) < 200, String(both));
    assert.equal(cohortOf('ada', one), cohortOf('ada', splitOf('one', 0.25)));
  });
});
