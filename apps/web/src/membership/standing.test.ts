import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concernOf, mayWatch, type Membership, type MemberState } from './standing.ts';

const membership = (state: MemberState, more: Partial<Membership> = {}): Membership => ({
  state,
  plan: { id: 'basic' },
  renewalPlan: { id: 'basic' },
  renewalPrice: null,
  country: 'DE',
  periodFromMs: 0,
  periodUntilMs: 2_000,
  holdAtMs: null,
  lapseAtMs: null,
  wasMember: false,
  nowMs: 1_000,
  ...more,
});

describe('how an account stands', () => {
  it('is of no concern while all is paid', () => {
    for (const state of ['TRIAL', 'ACTIVE'] as const) assert.equal(concernOf(membership(state)), null);
  });

  it('leads to a plan, to the payment, or back, whichever is missing', () => {
    assert.deepEqual(concernOf(membership('NONE')), { kind: 'join' });
    assert.deepEqual(concernOf(membership('FUNNEL')), { kind: 'pay' });
    assert.deepEqual(concernOf(membership('FUNNEL', { wasMember: true })), { kind: 'rejoin' });
    assert.deepEqual(concernOf(membership('LAPSED', { wasMember: true })), { kind: 'rejoin' });
    assert.deepEqual(concernOf(membership('ON_HOLD')), { kind: 'on_hold' });
  });

  it('says until when one can still watch', () => {
    assert.deepEqual(concernOf(membership('ENDING')), { kind: 'ending', endsAtMs: 2_000 });
    assert.deepEqual(concernOf(membership('PAST_DUE', { holdAtMs: 3_000 })), { kind: 'past_due', endsAtMs: 3_000 });
    const watching = (['NONE', 'FUNNEL', 'TRIAL', 'ACTIVE', 'PAST_DUE', 'ON_HOLD', 'ENDING', 'LAPSED'] as const).filter((state) =>
      mayWatch(membership(state)),
    );
    assert.deepEqual(watching, ['TRIAL', 'ACTIVE', 'PAST_DUE', 'ENDING']);
  });
});
