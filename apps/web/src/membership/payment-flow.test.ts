import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterPayment, askAgainAfterMs, type Payment } from './payment-flow.ts';

const payment = (more: Partial<Payment>): Payment => ({ status: 'DONE', reason: null, chargeId: null, challengePath: null, ...more });

describe('a payment', () => {
  it('is over when it is done, and when somebody has paid meanwhile', () => {
    assert.deepEqual(afterPayment(payment({})), { kind: 'done' });
    assert.deepEqual(afterPayment(payment({ status: 'REFUSED', reason: 'already_member' })), { kind: 'done' });
  });

  it('that was declined asks for another card, and says why', () => {
    assert.deepEqual(afterPayment(payment({ status: 'REFUSED', reason: 'insufficient_funds' })), {
      kind: 'card',
      reason: 'insufficient_funds',
    });
    assert.deepEqual(afterPayment(payment({ status: 'REFUSED' })), { kind: 'card', reason: 'unknown' });
  });

  it('that the bank asks about leads to the bank', () => {
    const asked = payment({ status: 'STEP_UP_NEEDED', chargeId: 'c1', challengePath: '/sandbox/challenges/c1' });
    assert.deepEqual(afterPayment(asked), { kind: 'step_up', chargeId: 'c1', challengePath: '/sandbox/challenges/c1' });
    assert.deepEqual(afterPayment({ ...asked, challengePath: null }), { kind: 'pending' });
  });

  it('that is not decided is asked for again, ever more slowly, and at last by the person', () => {
    assert.deepEqual(afterPayment(payment({ status: 'PENDING' })), { kind: 'pending' });
    const waits = Array.from({ length: 40 }, (_, asked) => askAgainAfterMs(asked));
    const waited = waits.filter((wait) => wait !== undefined);
    assert.deepEqual(
      waited,
      waited.toSorted((one, other) => one - other),
    );
    assert.ok(waited.length > 5 && waited.length < 40 && waited.every((wait) => wait >= 1_000 && wait <= 8_000));
  });
});
