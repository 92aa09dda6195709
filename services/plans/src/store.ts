import type { KvStore, StreamEvent } from '@bioscope/kv';

import type { PriceSet } from '../contract/index.ts';

/** One stream per country: the prices that operators set there. Also what the relay publishes from. */
export const PRICES_NAMESPACE = 'plans_prices';

/** Prices change a few times a year; a stream beyond this is a loop somewhere. */
const PRICES_PER_COUNTRY_MAX = 10_000;

/** A price that an operator set; `sequence` is its place among those of its country. */
export type SetPrice = PriceSet & { readonly sequence: number; readonly commandId: string };

/** How prices lie in the key-value store. */
export type PricesStore = {
  /** In the order in which they were set. */
  readPrices(country: string): Promise<readonly SetPrice[]>;
  append(request: { country: string; expectedVersion: number; price: PriceSet; commandId: string }): Promise<'appended' | 'conflict'>;
};

export function pricesStore({ streams }: Pick<KvStore, 'streams'>): PricesStore {
  return {
    async readPrices(country) {
      const prices: SetPrice[] = [];
      for (let version = 1; prices.length < version;) {
        const page = await streams.read({ namespace: PRICES_NAMESPACE, stream: country, after: prices.length });
        if (page.version > PRICES_PER_COUNTRY_MAX)
          throw new RangeError(`${country} has ${page.version} prices; at most ${PRICES_PER_COUNTRY_MAX} are read`);
        prices.push(...page.events.map(decode));
        ({ version } = page);
      }
      return prices;
    },
    async append({ country, expectedVersion, price, commandId }) {
      const data = Buffer.from(JSON.stringify(price));
      const appended = await streams.append({
        namespace: PRICES_NAMESPACE,
        stream: country,
        expectedVersion,
        events: [{ type: 'price.set', data }],
        commandId,
      });
      return appended.kind;
    },
  };
}

function decode({ stream, sequence, type, data, commandId }: StreamEvent): SetPrice {
  if (type !== 'price.set') throw new TypeError(`event ${sequence} of the prices of ${stream} has the unknown type ${type}`);
  // What lies in the store was encoded above.
  return { ...(JSON.parse(Buffer.from(data).toString()) as PriceSet), sequence, commandId };
}
