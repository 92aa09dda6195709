import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { SECONDS_KEPT, startCounts, type StartOutcome } from './start-counts.ts';

const AT_MS = 1_800_000_000_000;
const STARTED: StartOutcome = { kind: 'started' };
const refusedAs = (because: string): StartOutcome => ({ kind: 'refused', because });

describe('counting starts', () => {
  it('is by second, refusals by their reason', () => {
    const counts = startCounts();
    counts.count(STARTED, AT_MS);
    counts.count(STARTED, AT_MS + 999);
    counts.count(refusedAs('lapsed'), AT_MS + 1_000);
    counts.count(refusedAs('lapsed'), AT_MS + 1_001);
    counts.count(refusedAs('stream_limit'), AT_MS + 1_002);
    counts.count({ kind: 'failed' }, AT_MS + 3_000);
    assert.deepEqual(counts.read(AT_MS + 3_500), [
      { atMs: AT_MS, started: 2, failed: 0, refused: {} },
      { atMs: AT_MS + 1_000, started: 0, failed: 0, refused: { lapsed: 2, stream_limit: 1 } },
      { atMs: AT_MS + 3_000, started: 0, failed: 1, refused: {} },
    ]);
  });

  it('forgets what is older than two minutes, also when nothing came since', () => {
    const counts = startCounts();
    counts.count(STARTED, AT_MS);
    assert.equal(counts.read(AT_MS + 120_999).length, 1);
    assert.deepEqual(counts.read(AT_MS + 121_000), []);
    counts.count(STARTED, AT_MS + 121_000);
    assert.deepEqual(counts.read(AT_MS + 121_000), [{ atMs: AT_MS + 121_000, started: 1, failed: 0, refused: {} }]);
  });

  it('tells no second that its clock has not reached', () => {
    const counts = startCounts();
    counts.count(STARTED, AT_MS + 5_000);
    assert.deepEqual(counts.read(AT_MS), []);
  });

  it('sums reasons without end as others', () => {
    const counts = startCounts();
    for (let made = 0; made < 200; made += 1) counts.count(refusedAs(`reason-${made}`), AT_MS);
    const refused = counts.read(AT_MS)[0]?.refused ?? {};
    assert.equal(Object.keys(refused).length, 65);
    assert.equal(refused['others'], 136);
  });

  it('counts each start of the last two minutes once, whenever they come', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.constantFrom(STARTED, refusedAs('lapsed'))), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (steps) => {
        const counts = startCounts();
        const times: number[] = [];
        let nowMs = AT_MS;
        for (const [afterMs, outcome] of steps) {
          nowMs += afterMs;
          counts.count(outcome, nowMs);
          times.push(nowMs);
        }
        const oldest = (Math.floor(nowMs / 1000) - SECONDS_KEPT + 1) * 1000;
        const told = counts.read(nowMs);
        const sum = told.reduce((total, { started, refused }) => total + started + (refused['lapsed'] ?? 0), 0);
        assert.equal(sum, times.filter((atMs) => atMs >= oldest).length);
        assert.ok(told.length <= SECONDS_KEPT);
      }),
    );
  });
});
