import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import currencyCodes from 'currency-codes';

import { BOOK, bookText } from '../price-book/write-book.ts';
import { BOOK_2026_01 } from '../src/data/book-2026-01.ts';
import { CURRENCIES, currencyOf } from '../src/domain/currency.ts';
import { isRung } from '../src/domain/ladder.ts';

describe('the price book', () => {
  it('is what its script writes from the rule and the facts', () => {
    assert.equal(readFileSync(join(import.meta.dirname, `../src/data/book-${BOOK}.ts`), 'utf8'), bookText());
  });

  it('prices every country, each plan above the one below, on the ladder of its currency', () => {
    assert.ok(BOOK_2026_01.rows.length >= 230, `${BOOK_2026_01.rows.length} countries`);
    for (const [country, currency, , , [mobile, ...others]] of BOOK_2026_01.rows) {
      const amounts = mobile === 0 ? others : [mobile, ...others];
      assert.ok(amounts.length >= 3 && amounts.every((amount, at) => amount > (amounts[at - 1] ?? 0)), country);
      assert.ok(
        amounts.every((amount) => isRung(currencyOf(currency).ladder, amount)),
        country,
      );
    }
  });

  it('bills the large markets in their own money', () => {
    const billed = new Map(BOOK_2026_01.rows.map(([country, currency]) => [country, currency]));
    const wanted = { US: 'USD', DE: 'EUR', GB: 'GBP', IN: 'INR', BR: 'BRL', JP: 'JPY', BG: 'EUR', HR: 'EUR', NG: 'NGN', EG: 'USD' };
    for (const [country, currency] of Object.entries(wanted)) assert.equal(billed.get(country), currency, country);
  });

  it('counts minor units as ISO 4217 does', () => {
    for (const [code, { digits }] of Object.entries(CURRENCIES)) assert.equal(currencyCodes.code(code)?.digits, digits, code);
  });
});
