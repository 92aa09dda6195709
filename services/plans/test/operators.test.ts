import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { PlansService } from '../contract/index.ts';
import { startPlans } from './running-plans.ts';

describe('operators of plans', () => {
  it('make no price that access refuses, nor while it does not answer; what is offered is told all the same', async () => {
    await using running = await startPlans();
    const { client, operator, rights } = running;
    const price = {
      country: 'DE',
      planId: 'standard',
      amountMinor: 1_299,
      fromMs: Date.now() + 86_400_000,
      why: 'a test',
      commandId: 'c1',
    };
    const history = async () => (await client.listPriceHistory({ country: 'DE' }, operator)).records.length;
    const before = await history();
    rights.answer = 'operators_only';
    const open = ['listOffers', 'getPrice', 'listPlans', 'listCountries'];
    assert.deepEqual(await methodsOpenTo(PlansService, client, operator), open);
    await assert.rejects(client.setPrice(price, operator), { code: 'permission_denied', message: /"plans": operators_only/ });
    rights.answer = 'down';
    await assert.rejects(client.setPrice(price, operator), { code: 'unavailable', message: /Nothing was done/ });
    assert.ok((await client.listOffers({ country: 'DE' })).offers.length > 0);
    rights.answer = 'granted';
    assert.equal(await history(), before);
    await client.setPrice(price, operator);
    assert.equal(await history(), before + 1);
  });
});
