import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { startPlans } from './running-plans.ts';

describe('the price book’s part of the graph', () => {
  it('offers plans at the prices of a country: the one named, else that of who asks', async () => {
    await using running = await startPlans();
    const query =
      'query ($country: String) { offers(country: $country) { country trialDays offers { plan { id streamsMax } price { currency amountMinor plan { id } } } } }';
    const offered = async (country: string | null) => (await running.ask({ country: 'DE' }, query, { country })).data?.['offers'];
    const german = (await offered(null)) as {
      country: string;
      offers: { plan: { id: string }; price: { currency: string; amountMinor: number; plan: { id: string } } }[];
    };
    assert.equal(german.country, 'DE');
    assert.deepEqual(
      german.offers.map(({ plan }) => plan.id),
      ['basic', 'standard', 'premium'],
    );
    for (const { plan, price } of german.offers)
      assert.deepEqual([price.currency, price.plan.id, price.amountMinor > 0], ['EUR', plan.id, true]);
    assert.deepEqual(await offered('DE'), german);
    assert.partialDeepStrictEqual(await offered('ZZ'), { offers: [] });
    assert.partialDeepStrictEqual((await running.ask({}, query)).data, { offers: { country: null, offers: [] } });
  });

  it('knows plans and prices by id, and countries', async () => {
    await using running = await startPlans();
    const { data } = await running.ask({ country: 'DE' }, '{ offers { offers { price { id amountMinor } } } countries { code currency } }');
    const { offers: book, countries } = data as unknown as {
      offers: { offers: { price: { id: string; amountMinor: number } }[] };
      countries: { code: string; currency: string }[];
    };
    const [first] = book.offers;
    assert.ok(first !== undefined);
    const representations = [
      { __typename: 'Price', id: first.price.id },
      { __typename: 'Price', id: 'none' },
      { __typename: 'Plan', id: 'premium' },
      { __typename: 'Plan', id: 'none' },
    ];
    const entities = await running.ask(
      {},
      'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Price { amountMinor } ... on Plan { heightMax } } }',
      {
        r: representations,
      },
    );
    assert.deepEqual(entities.data?.['_entities'], [{ amountMinor: first.price.amountMinor }, null, { heightMax: 2160 }, null]);
    assert.ok(countries.length >= 190 && countries.some(({ code, currency }) => code === 'IN' && currency === 'INR'));
  });
});
