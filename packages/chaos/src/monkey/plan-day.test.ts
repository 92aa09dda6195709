import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isSpared, isTooSoon, MONKEY_RULES, planDay } from './plan-day.ts';

const DAY_MS = 86_400_000;
/** A Monday. */
const MONDAY_MS = Date.UTC(2030, 0, 7, 8);
const GROUPS = ['a-edge', 'a-play', 'b-edge', 'b-play'];

describe('planDay', () => {
  it('visits on workdays in office hours of the service’s own time only', () => {
    fc.assert(
      fc.property(fc.nat(3_650), fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Pacific/Auckland'), (day, timeZone) => {
        const nowMs = MONDAY_MS + day * DAY_MS;
        for (const { atMs } of planDay(nowMs, GROUPS, { ...MONKEY_RULES, timeZone }, 'salt')) {
          const at = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
          assert(at.dayOfWeek <= 5 && at.hour >= 9 && at.hour < 15, at.toString());
        }
      }),
      { numRuns: 300 },
    );
  });

  it('throws one coin per group and day, however often it is asked', () => {
    fc.assert(
      fc.property(fc.nat(3_650), fc.nat(86_399_999), (day, later) => {
        const midnightMs = Date.UTC(2030, 0, 7) + day * DAY_MS;
        assert.deepEqual(planDay(midnightMs, GROUPS, MONKEY_RULES, 's'), planDay(midnightMs + later, GROUPS, MONKEY_RULES, 's'));
      }),
      { numRuns: 300 },
    );
  });

  it('visits a group every other workday on average, and groups and services independently', () => {
    const workdays = Array.from({ length: 2_000 }, (_, week) => [0, 1, 2, 3, 4].map((day) => MONDAY_MS + (week * 7 + day) * DAY_MS))
      .flat()
      .slice(0, 4_000);
    const days = (group: string, salt: string): Set<number> =>
      new Set(workdays.filter((each) => planDay(each, [group], MONKEY_RULES, salt).length > 0));
    const [one, two, other] = [days('a-play', 's'), days('b-play', 's'), days('a-play', 't')];
    assert(Math.abs(one.size - 2_000) < 160, `${one.size} of 4000`);
    for (const set of [two, other]) assert(Math.abs(one.intersection(set).size - 1_000) < 160, 'together on a quarter of the days');
  });
});

describe('the monkey’s exceptions', () => {
  it('are ids with stars in them, and nothing else', () => {
    const rules = { ...MONKEY_RULES, except: ['storage', 'a-*-edge'] };
    assert.deepEqual(
      ['storage', 'storage2', 'a-1-edge', 'a-1-play', 'b-1-edge'].map((id) => isSpared(id, rules)),
      [true, false, true, false, false],
    );
    assert.equal(isSpared('axb', { ...MONKEY_RULES, except: ['a.b'] }), false);
  });

  it('keep days between two visits, by the calendar', () => {
    const at = (day: number, hour: number): number => Date.UTC(2030, 0, day, hour);
    assert.equal(isTooSoon(undefined, at(7, 9), MONKEY_RULES), false);
    assert.equal(isTooSoon(at(7, 9), at(7, 14), MONKEY_RULES), true);
    assert.equal(isTooSoon(at(7, 14), at(8, 9), MONKEY_RULES), false);
    assert.equal(isTooSoon(at(7, 14), at(8, 9), { ...MONKEY_RULES, minDays: 3 }), true);
  });
});
