import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { PaymentStatus } from '../contract/index.ts';
import { startBilling, stateFolder, until } from './running-billing.ts';

describe('billing’s part of the graph', () => {
  it('starts a membership and shows card, next payment and invoices', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const me = { accountId: 'a1' };
    const { token } = await running.card('4242424242424242');
    const started = `mutation { startMembership(commandId: "1", planId: "basic", paymentToken: "${token}", country: "DE") { status reason challengePath invoiceNumber } }`;
    const number = `${new Date().getUTCFullYear()}-000001`;
    assert.deepEqual(await running.graph(me, started), {
      data: { startMembership: { status: 'DONE', reason: null, challengePath: null, invoiceNumber: number } },
    });
    const query = `{ billing { card { brand last4 } nextAmount { amountMinor currency digits } openChargeId failure }
      invoices { number total { amountMinor currency digits } card { last4 } lines { kind plan { id } amount { amountMinor } } } }`;
    const basic = { amountMinor: 649, currency: 'EUR', digits: 2 };
    assert.deepEqual(await running.graph(me, query), {
      data: {
        billing: { card: { brand: 'Visa', last4: '4242' }, nextAmount: basic, openChargeId: null, failure: null },
        invoices: [
          {
            number,
            total: basic,
            card: { last4: '4242' },
            lines: [{ kind: 'subscription', plan: { id: 'basic' }, amount: { amountMinor: 649 } }],
          },
        ],
      },
    });
  });

  it('says why a payment was refused, and where the bank asks', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const start = async (number: string, commandId: string) => {
      const { token } = await running.card(number);
      return running.graph(
        { accountId: 'a1' },
        `mutation { startMembership(commandId: "${commandId}", planId: "basic", country: "DE", paymentToken: "${token}") { status reason challengePath } }`,
      );
    };
    assert.deepEqual(await start('4000000000009995', '1'), {
      data: { startMembership: { status: 'REFUSED', reason: 'insufficient_funds', challengePath: null } },
    });
    assert.partialDeepStrictEqual(await start('4000002500003155', '2'), { data: { startMembership: { status: 'STEP_UP_NEEDED' } } });
    const { data } = (await running.graph({ accountId: 'a1' }, '{ billing { openChallengePath } }')) as {
      data: { billing: { openChallengePath: string } };
    };
    assert.match(data.billing.openChallengePath, /^\/sandbox\/challenges\//);
  });

  it('takes no payment and no card for an account that is behind its PIN', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    const { token } = await running.card('4242424242424242');
    running.account.isLocked = true;
    const start = `mutation { startMembership(commandId: "1", planId: "basic", paymentToken: "${token}", country: "DE") { status } }`;
    for (const mutation of [start, `mutation { updateCard(commandId: "2", paymentToken: "${token}") { status } }`]) {
      assert.partialDeepStrictEqual(await running.graph({ accountId: 'a1' }, mutation), {
        errors: [{ extensions: { code: 'ACCOUNT_PIN_NEEDED' } }],
      });
    }
    assert.deepEqual(await running.graph({ accountId: 'a1' }, '{ invoices { number } }'), { data: { invoices: [] } });
  });

  it('has nothing for visitors', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path);
    assert.deepEqual(await running.graph({}, '{ billing { failure } }'), { data: { billing: null } });
    const refused = await running.graph({}, 'mutation { confirmPayment(chargeId: "1") { status } }');
    assert.partialDeepStrictEqual(refused, { errors: [{ extensions: { code: 'SIGN_IN_NEEDED' } }] });
  });
});

describe('a caller with little time', () => {
  it('hears that the payment is pending, and by the same command what has become of it', async () => {
    await using folder = await stateFolder();
    await using running = await startBilling(folder.path, { environment: { BIOSCOPE_PROCESSOR_MS: '1500' } });
    const { token = '' } = await running.card('4000000000006017');
    const request = { planId: 'basic', country: 'DE', paymentToken: token, commandId: '1' };
    const asks = { ...running.asks({ accountId: 'a1' }), deadlineMs: 1_000 };
    const first = await running.billing.startMembership(request, asks);
    assert.equal(first.status, PaymentStatus.PENDING);
    await until('it is decided', async () => (await running.billing.startMembership(request, asks)).status === PaymentStatus.DONE);
    const taken = [...(await running.statement('a1')).values()].filter(({ state }) => state === 'succeeded');
    assert.equal(taken.length, 1);
  });
});
