import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Cohort } from './figures.ts';
import { createMeter } from './meter.ts';
import { recentStarts } from './recent-starts.ts';

const NOBODY = { wanted: 0, browsing: 0, starting: 0, playing: 0, stalled: 0 };
const CAME = { kind: 'answered', status: 200, headers: {}, bytes: 100, body: Buffer.alloc(0), address: '127.0.0.2:80' } as const;

describe('the meter', () => {
  it('counts running sessions as they are, and finished ones as they were', () => {
    const meter = createMeter({ stallMsMax: 3_000 });
    const seen = { playedMs: 900, stalledMs: 100, stalls: 0, stallLongestMs: 100 };
    const session = meter
      .recorder(() => 'control')
      .start()
      .begun(5_000, 40, () => seen);
    assert.equal(meter.figures(6_000, NOBODY).rebufferRatio, 0.1);
    Object.assign(seen, { playedMs: 6_000, stalledMs: 4_000, stalls: 1, stallLongestMs: 3_900 });
    for (let reading = 0; reading < 2; reading += 1) assert.equal(meter.figures(7_000, NOBODY).counts.sessionsStalled, 1);
    session.over('broken');
    session.over('left');
    const { counts, stallLongestMs, cohorts, startsPerSecond } = meter.figures(8_000, NOBODY);
    assert.deepEqual(
      [counts.playedMs, counts.stalledMs, counts.stalls, counts.sessionsStalled, counts.sessionsBroken],
      [6_000, 4_000, 1, 1, 1],
    );
    assert.deepEqual([stallLongestMs, startsPerSecond], [3_900, 0.1]);
    assert.deepEqual([cohorts.control.counts.startsBegun, cohorts.experiment.counts.startsBegun], [1, 0]);
  });

  it('adds the cohorts up to the whole, and no sum ever shrinks', () => {
    const event = fc.record({
      cohort: fc.constantFrom<Cohort>('control', 'experiment'),
      end: fc.constantFrom('answered', 'failed', 'unheard', 'given_up'),
      failures: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const meter = createMeter({ stallMsMax: 3_000 });
        let before = meter.figures(0, NOBODY).counts;
        for (const { cohort, end, failures } of events) {
          const request = meter.recorder(() => cohort).request('playback');
          for (let failure = 0; failure < failures; failure += 1) request.tried(CAME, 'busy');
          request.tried(CAME, undefined);
          request.over(end);
          const now = meter.figures(0, NOBODY).counts;
          for (const [name, value] of Object.entries(now)) assert.ok(value >= before[name as 'bytes'], name);
          before = now;
        }
        const { counts, cohorts, doors, bytesFrom } = meter.figures(0, NOBODY);
        for (const [name, value] of Object.entries(counts))
          assert.equal(value, cohorts.control.counts[name as 'bytes'] + cohorts.experiment.counts[name as 'bytes'], name);
        assert.equal(counts.requests, events.filter(({ end }) => end !== 'given_up').length);
        assert.deepEqual([doors.playback.requests, doors.playback.attempts], [counts.requests, counts.attempts]);
        assert.equal(bytesFrom['127.0.0.2:80'] ?? 0, counts.bytes);
      }),
    );
  });
});

describe('recent starts', () => {
  it('forget after ten seconds for the pace, not for the time to the first frame', () => {
    const starts = recentStarts();
    for (const [atMs, firstFrameMs] of [
      [0, 10],
      [5_000, 20],
      [5_000, 500],
    ] as const)
      starts.add(atMs, firstFrameMs);
    assert.equal(starts.perSecond(5_000), 0.3);
    assert.equal(starts.perSecond(10_000), 0.2);
    assert.equal(starts.perSecond(15_000), 0);
    assert.deepEqual(starts.firstFrameMs(), { median: 20, p95: 500, longest: 500 });
  });
});
