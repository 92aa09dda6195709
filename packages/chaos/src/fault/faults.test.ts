import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFaults } from './faults.ts';
import { faultyClock } from './faulty-clock.ts';
import { ruleFrom } from './rule-from.ts';

const SELF = { region: 'a', zone: '1', group: 'play' };
const CALL = { side: 'server', caller: 'gateway', callee: 'playback', method: 'X', header: () => undefined } as const;

function start() {
  const clock = { ms: 0 };
  const faults = createFaults({ self: SELF, random: () => 0.5, nowMs: () => clock.ms });
  return { clock, faults };
}

describe('faults of a process', () => {
  it('are idle without rules, strike with them, and end when withdrawn', () => {
    const { faults } = start();
    assert.equal(faults.isActive, false);
    faults.put([ruleFrom('r', {})], 1_000);
    assert.equal(faults.isActive, true);
    assert.equal(faults.at(CALL)?.effect, 'error');
    faults.withdraw(['r']);
    assert.deepEqual([faults.isActive, faults.at(CALL), faults.list()], [false, undefined, []]);
  });

  it('end with their lease, which renewing prolongs', () => {
    const { faults, clock } = start();
    faults.put([ruleFrom('r', {})], 1_000);
    clock.ms = 900;
    faults.put([ruleFrom('r', {})], 1_000);
    clock.ms = 1_800;
    assert.equal(faults.at(CALL)?.effect, 'error');
    clock.ms = 1_900;
    assert.equal(faults.at(CALL), undefined, 'although no timer has fired yet');
    assert.equal(faults.isActive, false);
    faults.close();
  });

  it('heal by themselves, without being asked', async () => {
    const faults = createFaults({ self: SELF, random: () => 0, nowMs: () => performance.now() });
    faults.put([ruleFrom('r', {})], 20);
    const deadlineAtMs = performance.now() + 5_000;
    while (faults.isActive && performance.now() < deadlineAtMs) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(faults.isActive, false);
  });

  it('count how often each struck', () => {
    const { faults } = start();
    faults.put([ruleFrom('r', {})], 1_000);
    faults.at(CALL);
    faults.at(CALL);
    assert.equal(faults.list()[0]?.hits, 2);
    faults.close();
  });

  it('are put all or not at all, with every problem named', () => {
    const { faults } = start();
    const bad = ruleFrom('bad', { share: 2, what: { effect: 'full', delayMs: -1 } });
    assert.throws(() => faults.put([ruleFrom('good', {}), bad], 1_000), /"bad": share.*"bad": effect.*"bad": delayMs/s);
    assert.throws(() => faults.put([ruleFrom('good', {})], 3_600_000), /lease/);
    assert.throws(
      () =>
        faults.put(
          Array.from({ length: 65 }, (_, at) => ruleFrom(`r${at}`, {})),
          1_000,
        ),
      /more than 64/,
    );
    assert.equal(faults.isActive, false);
  });

  it('move the clock while they last', () => {
    const { faults } = start();
    const nowMs = faultyClock(() => 1_000, faults);
    faults.put([ruleFrom('jump', { where: { side: 'clock' }, what: { effect: 'jump', jumpMs: 60_000 } })], 1_000);
    assert.equal(nowMs(), 61_000);
    faults.withdrawAll();
    assert.equal(nowMs(), 1_000);
  });
});
