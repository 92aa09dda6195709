import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detailsOf, standingOf, type TimelineEntry } from './standing.ts';

const terms = { planId: 'standard', rank: 2 };
const period = { terms, priceId: 'standard.DE.1', fromMs: 10, untilMs: 40 };

function events(...list: [type: string, data?: object][]): TimelineEntry[] {
  return list.map(([type, data = {}], at) => ({ sequence: at + 1, type, data: JSON.stringify(data), recordedAtMs: at }));
}

describe('how it stands with a member', () => {
  const told = (...list: [type: string, data?: object][]): string => {
    const { state, planId, untilMs } = standingOf(events(...list));
    return `${state} ${planId} ${untilMs}`.trim();
  };
  const joined: [string, object][] = [
    ['funnel.plan_chosen', { planId: 'basic', country: 'DE' }],
    ['membership.activated', period],
  ];

  it('follows from what was written down', () => {
    assert.equal(told(), 'never a member  0');
    assert.equal(told(['funnel.plan_chosen', { planId: 'basic' }]), 'chose a plan basic 0');
    assert.equal(told(['trial.began', period]), 'trial standard 40');
    assert.equal(told(...joined), 'active standard 40');
    assert.equal(told(...joined, ['payment.failed', {}]), 'past due standard 40');
    assert.equal(told(...joined, ['membership.held', {}]), 'on hold standard 40');
    assert.equal(told(...joined, ['cancellation.asked', { endsAtMs: 39 }]), 'ending standard 39');
    assert.equal(told(...joined, ['cancellation.asked', { endsAtMs: 40 }], ['cancellation.undone']), 'active standard 40');
    assert.equal(told(...joined, ['membership.lapsed', {}]), 'lapsed standard 0');
    assert.equal(told(...joined, ['membership.lapsed', {}], ['membership.rejoined', { ...period, untilMs: 90 }]), 'active standard 90');
    assert.equal(told(...joined, ['plan.upgraded', { terms: { planId: 'premium' } }]), 'active premium 40');
  });

  it('does not change by events that are not known, or by a look at the plans', () => {
    assert.equal(told(...joined, ['something.new', {}]), 'active standard 40');
    assert.equal(told(...joined, ['funnel.plan_chosen', { planId: 'premium' }]), 'active standard 40');
  });

  it('survives data that is no JSON', () => {
    assert.deepEqual(standingOf([{ sequence: 1, type: 'trial.began', data: '{', recordedAtMs: 0 }]), {
      state: 'trial',
      planId: '',
      untilMs: 0,
    });
  });
});

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
});
