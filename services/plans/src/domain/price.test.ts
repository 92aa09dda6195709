import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { CURRENCIES } from './currency.ts';
import { derivePrices } from './derive-prices.ts';
import { isRung, nearestRung, rungAbove } from './ladder.ts';
import { PLAN_IDS } from './plan.ts';
import { pricesInForce, type Price } from './price.ts';

const anyLadder = fc.constantFrom(...Object.values(CURRENCIES)).map(({ ladder }) => ladder);

describe('a ladder', () => {
  it('has the rung that is nearest by ratio', () => {
    const dollars = { stepMinor: 100, offsetMinor: 99 };
    assert.equal(nearestRung(dollars, 1450), 1499);
    assert.equal(nearestRung(dollars, 1440), 1399);
    assert.equal(nearestRung(dollars, 3), 99);
    assert.equal(rungAbove(dollars, 99), 199);
    assert.equal(rungAbove(dollars, 0), 99);
  });

  it('gives rungs only, and none is nearer than the one it gives', () => {
    fc.assert(
      fc.property(anyLadder, fc.integer({ min: 1, max: 1e9 }), (ladder, amount) => {
        const nearest = nearestRung(ladder, amount);
        assert.ok(isRung(ladder, nearest));
        const distance = (rung: number): number => Math.abs(Math.log(rung / amount));
        for (const other of [nearest - ladder.stepMinor, nearest + ladder.stepMinor])
          if (other > 0) assert.ok(distance(nearest) <= distance(other) + 1e-12);
      }),
    );
  });
});

describe('derived prices', () => {
  it('cost more the more a plan gives, on the ladder of the currency, whatever a country earns', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(CURRENCIES)),
        fc.double({ min: 0.0001, max: 100, noNaN: true }),
        (currency, incomeIndex) => {
          const derived = derivePrices({ code: 'ZZ', currency, incomeIndex });
          const amounts = PLAN_IDS.flatMap((plan) => derived[plan] ?? []);
          assert.ok(amounts.length >= 3);
          assert.deepEqual(
            amounts,
            [...new Set(amounts)].sort((one, other) => one - other),
          );
          for (const amount of amounts) assert.ok(isRung(CURRENCIES[currency]?.ladder ?? { stepMinor: 0, offsetMinor: 0 }, amount));
        },
      ),
    );
  });

  it('never fall when a country earns more', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 10, noNaN: true }), fc.double({ min: 1, max: 10, noNaN: true }), (incomeIndex, factor) => {
        const poorer = derivePrices({ code: 'ZZ', currency: 'USD', incomeIndex }).standard ?? 0;
        const richer = derivePrices({ code: 'ZZ', currency: 'USD', incomeIndex: incomeIndex * factor }).standard ?? 0;
        assert.ok(poorer <= richer || incomeIndex <= 0.4, `${poorer} ${richer}`);
      }),
    );
  });
});

describe('the price in force', () => {
  const price = (id: string, fromMs: number, amountMinor = 999): Price => ({
    id,
    planId: 'standard',
    country: 'DE',
    currency: 'EUR',
    currencyDigits: 2,
    amountMinor,
    fromMs,
  });

  it('is the last that began; of two that begin together, the later made', () => {
    const prices = [price('a', 0), price('b', 200), price('c', 100), price('d', 200)];
    const at = (atMs: number): string | undefined => pricesInForce(prices, atMs)[0]?.id;
    assert.deepEqual([at(-1), at(0), at(99), at(100), at(199), at(200), at(1e9)], [undefined, 'a', 'a', 'c', 'c', 'd', 'd']);
  });

  it('does not depend on prices that begin later', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000)), fc.nat(1000), (starts, atMs) => {
        const prices = starts.map((fromMs, index) => price(`p${index}`, fromMs));
        const known = prices.filter(({ fromMs }) => fromMs <= atMs);
        assert.deepEqual(pricesInForce(prices, atMs), pricesInForce(known, atMs));
      }),
    );
  });
});
