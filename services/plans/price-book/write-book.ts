import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { CURRENCIES, RATES_AS_OF } from '../src/domain/currency.ts';
import { derivePrices, REFERENCE_PRICE_USD } from '../src/domain/derive-prices.ts';
import { PLAN_IDS } from '../src/domain/plan.ts';
import { readFacts } from './read-facts.ts';

export const BOOK = '2026-01';
const FIRST_DAY = '2026-01-01';
/** One day into the year: tenders that change hands on its first day have. */
const FACTS_AS_OF = '2026-02-02';

/** The text of `src/data/book-2026-01.ts`: every price of the first book with what it was derived from. A book that was sold from is never written again; the next one has another name. */
export function bookText(): string {
  const rows = readFacts(FACTS_AS_OF).map((facts) => {
    const prices = derivePrices(facts);
    const amounts = PLAN_IDS.map((plan) => prices[plan] ?? 0);
    const { perUsd } = CURRENCIES[facts.currency] ?? { perUsd: 0 };
    return `    ['${facts.code}', '${facts.currency}', ${facts.incomeIndex}, ${perUsd}, [${amounts.join(', ')}]],`;
  });
  return `import type { PriceBook } from '../domain/price-book.ts';

/**
 * Written by price-book/write-book.ts. Incomes: gross domestic product per head from Unicode CLDR 48 (https://cldr.unicode.org, licence Unicode-3.0).
 * Rates: approximate, see domain/currency.ts. Columns: country, currency, income index, currency units per US dollar, monthly price of ${PLAN_IDS.join(', ')} in
 * minor units (0: not offered).
 */
export const BOOK_2026_01: PriceBook = {
  name: '${BOOK}',
  fromMs: Date.parse('${FIRST_DAY}'),
  ratesAsOf: '${RATES_AS_OF}',
  referencePriceUsd: ${REFERENCE_PRICE_USD},
  rows: [
${rows.join('\n')}
  ],
};
`;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, `../src/data/book-${BOOK}.ts`), bookText());
