import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { methodsOpenTo } from '@bioscope/access/testing';

import { BillingService } from '../contract/index.ts';
import { startBilling, stateFolder } from './running-billing.ts';

describe('operators of money', () => {
  it('see nothing that access refuses, nor while it does not answer', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const { billing, rights } = running;
    const operator = running.asks({ accountId: 'op', isOperator: true });
    assert.deepEqual((await billing.showBilling({ accountId: 'a1' }, operator)).charges, []);
    assert.deepEqual(rights.asked, ['money']);
    rights.answer = 'operators_only';
    const own = ['startMembership', 'confirmPayment', 'updateCard', 'getOwnBilling', 'listOwnInvoices'];
    assert.deepEqual(await methodsOpenTo(BillingService, billing, operator), own);
    await assert.rejects(billing.showBilling({ accountId: 'a1' }, operator), { code: 'permission_denied', message: /operators_only/ });
    rights.answer = 'down';
    await assert.rejects(billing.showBilling({ accountId: 'a1' }, operator), { code: 'unavailable', message: /access does not answer/ });
  });
});
