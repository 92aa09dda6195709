import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rememberBandwidth, startingBandwidth } from './throughput.ts';

function storage(first: string | null = null): { getItem: () => string | null; setItem: (key: string, value: string) => void } {
  let value = first;
  return {
    getItem: () => value,
    setItem: (_key, next) => {
      value = next;
    },
  };
}
const DAY_MS = 24 * 3_600_000;

describe('the bandwidth to start with', () => {
  it('is a careful share of what was seen last', () => {
    const kept = storage();
    rememberBandwidth(kept, 10_000_000, 1_000);
    assert.equal(startingBandwidth(kept, 2_000), 8_000_000);
  });
  it('is a middle guess on the first visit, after a week, and when nonsense was kept', () => {
    const kept = storage();
    rememberBandwidth(kept, 10_000_000, 0);
    for (const guess of [
      startingBandwidth(storage(), 0),
      startingBandwidth(kept, 8 * DAY_MS),
      startingBandwidth(storage('{"kbps":"fast"}'), 0),
      startingBandwidth(storage('{'), 0),
    ])
      assert.equal(guess, 1_500_000);
  });
  it('stays within what films need', () => {
    const kept = storage();
    rememberBandwidth(kept, 9e12, 0);
    assert.equal(startingBandwidth(kept, 1), 40_000_000);
    rememberBandwidth(kept, 5, 0);
    assert.equal(startingBandwidth(kept, 1), 300_000);
  });
  it('ignores measurements that are none', () => {
    const kept = storage();
    for (const nonsense of [Number.NaN, 0, -1, Infinity]) rememberBandwidth(kept, nonsense, 0);
    assert.equal(kept.getItem(), null);
  });
});
