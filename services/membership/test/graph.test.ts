import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { terms } from './made-members.ts';
import { startMembership, stateFolder } from './running-membership.ts';

const OWN = '{ membership { state plan { id } renewalPrice { id } country periodUntilMs holdAtMs wasMember } }';
const PRICE_ID = 'standard.DE.2026-01';

describe('membership’s part of the graph', () => {
  it('shows a member where they stand, lets them cancel, undo and change, and says what is not possible', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path);
    const ask = (query: string, variables: object = {}) => running.ask({ accountId: 'a1' }, query, variables);
    assert.partialDeepStrictEqual(await ask(OWN), { data: { membership: { state: 'NONE', plan: null, wasMember: false } } });
    const [fromMs, untilMs] = [Date.now(), Date.now() + 30 * 86_400_000];
    const paid = { accountId: 'a1', plan: terms('standard'), priceId: PRICE_ID, country: 'DE', fromMs, untilMs, commandId: 'pay' };
    await running.as('billing').activate(paid);
    assert.deepEqual(await ask(OWN), {
      data: {
        membership: {
          state: 'ACTIVE',
          plan: { id: 'standard' },
          renewalPrice: { id: PRICE_ID },
          country: 'DE',
          periodUntilMs: untilMs,
          holdAtMs: null,
          wasMember: true,
        },
      },
    });
    const change = async (mutation: string) =>
      (await ask(`mutation { done: ${mutation} { refused membership { state renewalPlan { id } } } }`)).data?.['done'];
    assert.deepEqual(await change('changePlan(commandId: "1", planId: "basic")'), {
      refused: null,
      membership: { state: 'ACTIVE', renewalPlan: { id: 'basic' } },
    });
    assert.deepEqual(await change('changePlan(commandId: "2", planId: "nothing")'), {
      refused: 'PLAN_NOT_OFFERED_HERE',
      membership: { state: 'ACTIVE', renewalPlan: { id: 'basic' } },
    });
    assert.partialDeepStrictEqual(await change('cancelPlanChange(commandId: "3")'), { refused: null });
    assert.partialDeepStrictEqual(await change('cancelMembership(commandId: "4", why: "too many good films")'), {
      membership: { state: 'ENDING' },
    });
    assert.partialDeepStrictEqual(await change('undoCancelMembership(commandId: "5")'), { refused: null, membership: { state: 'ACTIVE' } });
  });

  it('lets nobody change an account that is behind its PIN, and says what lifts that', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path);
    const [fromMs, untilMs] = [Date.now(), Date.now() + 30 * 86_400_000];
    await running
      .as('billing')
      .activate({ accountId: 'a1', plan: terms('standard'), priceId: PRICE_ID, country: 'DE', fromMs, untilMs, commandId: 'pay' });
    running.account.isLocked = true;
    const { errors } = await running.ask({ accountId: 'a1' }, 'mutation { cancelMembership(commandId: "1") { refused } }');
    assert.deepEqual(
      errors?.map(({ extensions }) => extensions),
      [{ code: 'ACCOUNT_PIN_NEEDED', lifts: ['enter_account_pin'] }],
    );
    assert.partialDeepStrictEqual(await running.ask({ accountId: 'a1' }, OWN), { data: { membership: { state: 'ACTIVE' } } });
  });

  it('has nothing for visitors', async () => {
    await using folder = await stateFolder();
    await using running = await startMembership(folder.path);
    assert.deepEqual(await running.ask({}, OWN), { data: { membership: null } });
    const { errors } = await running.ask({}, 'mutation { cancelMembership(commandId: "1") { refused } }');
    assert.deepEqual(
      errors?.map(({ extensions }) => extensions.code),
      ['SIGN_IN_NEEDED'],
    );
  });
});
