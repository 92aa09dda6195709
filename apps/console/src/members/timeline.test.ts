import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detailsOf, type TimelineEntry } from './timeline.ts';

const terms = { planId: 'standard', rank: 2 };
const period = { terms, priceId: 'standard.DE.1', fromMs: 10, untilMs: 40 };

function events(...list: [type: string, data?: object][]): TimelineEntry[] {
  return list.map(([type, data = {}], at) => ({ sequence: at + 1, type, data: JSON.stringify(data), recordedAtMs: at }));
}

describe('what an event says', () => {
  it('is told in short', () => {
    const [activated, failed] = events(
      ['membership.activated', { type: 'membership.activated', atMs: 1, country: 'DE', ...period }],
      ['payment.failed', { because: 'card_declined', why: '', holdAtMs: 7 }],
    );
    assert.ok(activated && failed);
    const time = (ms: number): string => `@${ms}`;
    assert.equal(detailsOf(activated, time), 'country DE · standard · price id standard.DE.1 · from @10 · until @40');
    assert.equal(detailsOf(failed, time), 'because card_declined · hold @7');
  });
  it('is nothing when its data is no JSON', () => {
    assert.equal(detailsOf({ sequence: 1, type: 'trial.began', data: '{', recordedAtMs: 0 }, String), '');
  });
});
