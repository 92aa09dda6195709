import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RpcError } from '@bioscope/rpc';

import { PRICES_TOPIC } from '../contract/index.ts';
import { startPlans } from './running-plans.ts';

const DAY_MS = 86_400_000;
const refusedWith = (code: string, message: RegExp) => (fault: unknown) =>
  fault instanceof RpcError && fault.code === code && message.test(fault.message);

describe('plans', () => {
  it('offers every plan of a country today, cheapest first, in its own money', async () => {
    await using running = await startPlans();
    const { offers, trialDays } = await running.client.listOffers({ country: 'DE' });
    assert.deepEqual(
      offers.map(({ plan, price }) => [plan?.id, price?.currency, price?.amountMinor, plan?.streamsMax, plan?.devicesMax]),
      [
        ['basic', 'EUR', 649, 1, 2],
        ['standard', 'EUR', 999, 2, 5],
        ['premium', 'EUR', 1249, 4, 10],
      ],
    );
    assert.equal(trialDays, 0);
    assert.deepEqual((await running.client.listOffers({ country: 'ZZ' })).offers, []);
    assert.deepEqual((await running.client.listOffers({ country: 'DE', atMs: Date.parse('2025-12-31') })).offers, []);
  });

  it('changes a price from a date on and leaves the one that members have', async () => {
    await using running = await startPlans();
    const { client, operator } = running;
    const fromMs = Date.now() + 30 * DAY_MS;
    const wanted = { planId: 'standard', country: 'DE', amountMinor: 1199, fromMs, why: 'costs rose', commandId: 'c1' };
    const { price } = await client.setPrice(wanted, operator);
    assert.deepEqual(await client.setPrice(wanted, operator).then((again) => again.price), price);
    const standardAt = async (atMs: number) =>
      (await client.listOffers({ country: 'DE', atMs })).offers.find(({ plan }) => plan?.id === 'standard')?.price;
    assert.equal((await standardAt(fromMs - 1))?.id, 'standard.DE.2026-01');
    assert.deepEqual(await standardAt(fromMs), price);
    assert.equal((await client.getPrice({ priceId: 'standard.DE.2026-01' })).price?.amountMinor, 999);
    assert.equal((await client.getPrice({ priceId: price?.id ?? '' })).price?.amountMinor, 1199);
    const { records } = await client.listPriceHistory({ planId: 'standard', country: 'DE' }, operator);
    assert.deepEqual(
      records.map(({ madeBy, why }) => [madeBy, why]),
      [
        ['price book 2026-01', 'derived from incomes per head'],
        ['op1', 'costs rose'],
      ],
    );
  });

  it('takes prices from operators only, and not for the past', async () => {
    await using running = await startPlans();
    const wanted = { planId: 'standard', country: 'DE', amountMinor: 1199, fromMs: Date.now() + DAY_MS, why: 'x', commandId: 'c1' };
    await assert.rejects(running.client.setPrice(wanted, running.member), refusedWith('permission_denied', /operators/));
    await assert.rejects(running.client.setPrice(wanted), refusedWith('unauthenticated', /passport/));
    const wrong = { ...wanted, planId: 'gold', amountMinor: 0.5, fromMs: 1, why: ' ' };
    await assert.rejects(
      running.client.setPrice(wrong, running.operator),
      refusedWith('invalid_argument', /gold.*amount_minor.*from_ms.*why/),
    );
    await assert.rejects(
      running.client.setPrice({ ...wanted, country: 'ZZ' }, running.operator),
      refusedWith('invalid_argument', /ListCountries/),
    );
    await assert.rejects(running.client.getPrice({ priceId: 'standard.DE.1' }), refusedWith('not_found', /no price/));
  });

  it('announces a new price', async () => {
    await using running = await startPlans();
    await running.client.setPrice(
      { planId: 'basic', country: 'FR', amountMinor: 599, fromMs: Date.now(), why: 'autumn', commandId: 'c1' },
      running.operator,
    );
    const heard = Promise.withResolvers<readonly string[]>();
    const subscription = running.log.subscribe({ topic: PRICES_TOPIC, group: 'test' }, async (records) =>
      heard.resolve(records.map(({ key, type }) => `${key} ${type}`)),
    );
    assert.deepEqual(await heard.promise, ['FR price.set']);
    await subscription.close();
  });

  it('offers as many trial days as its setting says', async () => {
    await using running = await startPlans({ BIOSCOPE_TRIAL_DAYS: '7' });
    assert.equal((await running.client.listOffers({ country: 'US' })).trialDays, 7);
    await assert.rejects(startPlans({ BIOSCOPE_TRIAL_DAYS: 'many' }), /BIOSCOPE_TRIAL_DAYS is "many"/);
  });
});
