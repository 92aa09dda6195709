import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import type { BillingEvent, Bought, PaymentMethod } from '../../contract/events.ts';
import { foldAccount, NOTHING_YET, type Account } from './account.ts';
import { CHALLENGE_MS_MAX, dueStep, openStep, type Standing } from './next-step.ts';
import { firstPeriod, periodAfter } from './periods.ts';
import { holdAtMs, nextRetryMs, RETRY_DAYS } from './retry-schedule.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.parse('2026-01-31');
const ANSWER_MS = 30_000;
const bought: Bought = { planId: 'basic', priceId: 'basic.DE.1', amountMinor: 649, currency: 'EUR', currencyDigits: 2 };
const card = (methodId: string): PaymentMethod => ({ methodId, brand: 'Visa', last4: '4242', expiresMonth: 1, expiresYear: 2040 });
const first = firstPeriod(START_MS);

const intended = (chargeId: string, more: Partial<BillingEvent & { type: 'charge.intended' }> = {}): BillingEvent => ({
  type: 'charge.intended',
  atMs: START_MS,
  wallMs: START_MS,
  chargeId,
  purpose: 'start',
  country: 'DE',
  period: first,
  method: card('m1'),
  dueAtMs: START_MS,
  ...bought,
  ...more,
});
const succeeded = (chargeId: string): BillingEvent => ({ type: 'charge.succeeded', atMs: START_MS, chargeId, reference: 'r' });
const invoiced = (chargeId: string): BillingEvent => ({
  type: 'invoice.issued',
  atMs: START_MS,
  number: '2026-000001',
  chargeId,
  accountId: 'a',
  country: 'DE',
  currency: 'EUR',
  currencyDigits: 2,
  totalMinor: 649,
  lines: [],
  method: card('m1'),
  issuedAtMs: START_MS,
});
const opened = (chargeId: string): BillingEvent => ({ type: 'period.opened', atMs: START_MS, chargeId, startId: '', period: first });
const declined = (chargeId: string, atMs = START_MS, isHard = false): BillingEvent => ({
  type: 'charge.declined',
  atMs,
  chargeId,
  because: 'insufficient_funds',
  isHard,
});
const account = (...events: readonly BillingEvent[]): Account => events.reduce(foldAccount, NOTHING_YET);
const stepOf = (of: Account, wallMs = START_MS): string | undefined => openStep(of, ANSWER_MS, wallMs)?.do;

describe('what was begun', () => {
  it('goes on step by step to the open period, wherever it stopped', () => {
    const all = [intended('c'), succeeded('c'), invoiced('c'), opened('c')];
    assert.deepEqual(
      all.map((_, at) => stepOf(account(...all.slice(0, at + 1)))),
      ['wait', 'issue_invoice', 'open_period', undefined],
    );
    assert.equal(stepOf(NOTHING_YET), undefined);
  });

  it('is left to whoever waits for the answer, and settled when nobody can any more', () => {
    assert.equal(stepOf(account(intended('c')), START_MS + ANSWER_MS - 1), 'wait');
    assert.equal(stepOf(account(intended('c')), START_MS + ANSWER_MS), 'settle');
    const asked = account(intended('c'), { type: 'charge.challenged', atMs: START_MS, chargeId: 'c', challengeId: 'x', wallMs: START_MS });
    assert.equal(stepOf(asked, START_MS + CHALLENGE_MS_MAX - 1), 'wait');
    assert.equal(stepOf(asked, START_MS + CHALLENGE_MS_MAX), 'settle');
  });

  it('ends with a declined start, and with a declined renewal once membership knows of it', () => {
    assert.equal(stepOf(account(intended('c'), declined('c'))), undefined);
    const renewal = [intended('c', { purpose: 'renewal' }), declined('c')];
    assert.equal(stepOf(account(...renewal)), 'tell_failure');
    assert.equal(stepOf(account(...renewal, { type: 'failure.told', atMs: START_MS, chargeId: 'c' })), undefined);
  });

  it('is never a charge that nobody intended', () => {
    assert.throws(() => account(succeeded('c')), /never intended/);
  });
});

describe('what is due', () => {
  const paid = account(intended('c'), succeeded('c'), invoiced('c'), opened('c'));
  const standing = (state: Standing['state'], nowMs: number, more: Partial<Standing> = {}): Standing => ({
    state,
    nowMs,
    periodUntilMs: first.untilMs,
    holdAtMs: 0,
    lapseAtMs: 0,
    ...more,
  });

  it('is a renewal at the end of the period and not before, unless the member left', () => {
    assert.deepEqual(dueStep(paid, standing('active', first.untilMs - 1)), { do: 'wait', untilMs: first.untilMs });
    assert.deepEqual(dueStep(paid, standing('active', first.untilMs)), { do: 'charge_renewal', isAnew: false });
    assert.equal(dueStep(paid, standing('ending', first.untilMs - 1)).do, 'wait');
    for (const state of ['none', 'funnel', 'lapsed'] as const) assert.equal(dueStep(paid, standing(state, first.untilMs)).do, 'rest');
  });

  it('of a failed payment is its next try, or another card at once', () => {
    const dueAtMs = first.untilMs;
    const failing = foldAccount(
      foldAccount(paid, intended('r', { purpose: 'renewal', dueAtMs, period: periodAfter(first) })),
      declined('r', dueAtMs),
    );
    const times = { holdAtMs: holdAtMs(dueAtMs), lapseAtMs: dueAtMs + 28 * DAY_MS };
    assert.deepEqual(dueStep(failing, standing('past_due', dueAtMs, times)), { do: 'wait', untilMs: dueAtMs + DAY_MS });
    assert.deepEqual(dueStep(failing, standing('past_due', dueAtMs + DAY_MS, times)), { do: 'charge_renewal', isAnew: false });
    const another = foldAccount(failing, { type: 'method.set', atMs: dueAtMs, method: card('m2') });
    assert.deepEqual(dueStep(another, standing('past_due', dueAtMs, times)), { do: 'charge_renewal', isAnew: false });
    assert.deepEqual(dueStep(another, standing('on_hold', times.holdAtMs, times)), { do: 'charge_renewal', isAnew: true });
  });

  it('of a payment that broke off without being taken is another try at once, but only once', () => {
    const dueAtMs = first.untilMs;
    const broken = (chargeId: string): readonly BillingEvent[] => [
      intended(chargeId, { purpose: 'renewal', dueAtMs, period: periodAfter(first) }),
      { type: 'charge.closed', atMs: dueAtMs, chargeId, because: 'not_charged' },
    ];
    const once = broken('r1').reduce(foldAccount, paid);
    assert.equal(stepOf(once), undefined);
    assert.equal(dueStep(once, standing('past_due', dueAtMs, { holdAtMs: holdAtMs(dueAtMs) })).do, 'charge_renewal');
    assert.equal(stepOf(broken('r2').reduce(foldAccount, once)), 'tell_failure');
  });

  it('of a member who was held because billing was late is the payment that was never tried', () => {
    assert.deepEqual(dueStep(paid, standing('on_hold', first.untilMs + 2 * DAY_MS)), { do: 'charge_renewal', isAnew: true });
  });
});

describe('the schedule of tries', () => {
  it('is days 1, 3, 5 and 7 after the payment was due, and none after a hard decline', () => {
    const next = (lastAtMs: number, isHard = false): number | null => {
      const retryMs = nextRetryMs({ dueAtMs: 0, attempts: 1, lastAtMs, isHard, lastMethodId: 'm', wasExcused: false });
      return retryMs === null ? null : retryMs / DAY_MS;
    };
    assert.deepEqual(
      [0, 1, 3, 5, 7].map((day) => next(day * DAY_MS)),
      [1, 3, 5, 7, null],
    );
    assert.equal(next(0, true), null);
  });

  it('never makes up for missed tries, and ends before the hold', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9 * DAY_MS), { maxLength: 12 }), (delays) => {
        let lastAtMs = 0;
        let tries = 0;
        for (const delayMs of delays) {
          const retryMs = nextRetryMs({ dueAtMs: 0, attempts: 1, lastAtMs, isHard: false, lastMethodId: 'm', wasExcused: false });
          if (retryMs === null) break;
          assert.ok(retryMs > lastAtMs && retryMs < holdAtMs(0));
          lastAtMs = retryMs + delayMs;
          tries += 1;
        }
        assert.ok(tries <= RETRY_DAYS.length);
      }),
    );
  });
});
