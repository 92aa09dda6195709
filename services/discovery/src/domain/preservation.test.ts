import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decidePreservation, FORGETS } from './preservation.ts';

describe('self-preservation', () => {
  it('begins when three or more, and more than 40 in 100, are quiet, and never else', () => {
    for (let processes = 0; processes <= 60; processes += 1) {
      for (let quiet = 0; quiet <= processes; quiet += 1) {
        const { isOn } = decidePreservation(FORGETS, { processes, quiet }, 0);
        assert.equal(isOn, quiet >= 3 && quiet * 10 > processes * 4, `${quiet} of ${processes}`);
      }
    }
  });

  it('lets a zone go: of three zones one with all its processes, and of many one process after the other', () => {
    for (let perZone = 1; perZone <= 50; perZone += 1)
      assert.equal(decidePreservation(FORGETS, { processes: perZone * 3, quiet: perZone }, 0).isOn, false);
    for (let left = 50; left > 3; left -= 1) assert.equal(decidePreservation(FORGETS, { processes: left, quiet: 1 }, 0).isOn, false);
  });

  it('ends after three seconds of calm, and begins to count anew when calm is disturbed', () => {
    const cut = { processes: 10, quiet: 10 };
    const calm = { processes: 10, quiet: 1 };
    const story = [
      [cut, 0],
      [calm, 1_000],
      [calm, 3_900],
      [cut, 3_950],
      [calm, 4_000],
      [calm, 6_999],
      [calm, 7_000],
      [calm, 7_001],
    ] as const;
    let state = FORGETS;
    const isOn = story.map(([attendance, nowMs]) => (state = decidePreservation(state, attendance, nowMs)).isOn);
    assert.deepEqual(isOn, [true, true, true, true, true, true, false, false]);
  });
});
