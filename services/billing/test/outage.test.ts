import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { KvFault, type KvStore } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

import { PaymentStatus } from '../contract/index.ts';
import { startBilling, stateFolder, until } from './running-billing.ts';

const GOOD = '4242424242424242';

/** A store in which the streams of a namespace cannot be reached while `isDown`. */
function outage(namespace: string) {
  const state = { isDown: false };
  const wrap = (kv: KvStore): KvStore => {
    const guarded =
      <A extends { namespace: string }, R>(call: (request: A) => Promise<R>) =>
      (request: A): Promise<R> =>
        state.isDown && request.namespace === namespace ? Promise.reject(new KvFault('KV_UNAVAILABLE', 'down')) : call(request);
    const read = guarded((request: Parameters<KvStore['streams']['read']>[0]) => kv.streams.read(request));
    const append = guarded((request: Parameters<KvStore['streams']['append']>[0]) => kv.streams.append(request));
    return { ...kv, streams: { ...kv.streams, read, append } };
  };
  return { state, wrap };
}

describe('an outage', () => {
  it('of membership after the payment leaves it pending, and what was paid for is told when it is back', async () => {
    await using folder = await stateFolder();
    const { state, wrap } = outage('membership_members');
    const reached = (milestone: string): void => {
      if (milestone === 'outcome_kept') state.isDown = true;
    };
    await using running = await startBilling(folder.path, { wrap, reached });
    const { token = '' } = await running.card(GOOD);
    const asks = running.asks({ accountId: 'a1' });
    const request = { planId: 'basic', country: 'DE', paymentToken: token, commandId: '1' };
    assert.equal((await running.billing.startMembership(request, asks)).status, PaymentStatus.PENDING);
    state.isDown = false;
    // Nobody asks again: the wakeup brings it on.
    await until('the member watches', async () => (await running.entitlements.getEntitlement({ accountId: 'a1' })).entitled);
    await until('it is done', async () => (await running.billing.startMembership(request, asks)).status === PaymentStatus.DONE);
    assert.equal((await running.statement('a1')).size, 1);
  });

  it('of membership before the payment begins nothing', async () => {
    await using folder = await stateFolder();
    const { state, wrap } = outage('membership_members');
    await using running = await startBilling(folder.path, { wrap });
    const { token = '' } = await running.card(GOOD);
    state.isDown = true;
    const request = { planId: 'basic', country: 'DE', paymentToken: token, commandId: '1' };
    const isUnavailable = (fault: unknown) => fault instanceof RpcError && fault.code === 'unavailable';
    await assert.rejects(running.billing.startMembership(request, running.asks({ accountId: 'a1' })), isUnavailable);
    assert.equal((await running.statement('a1')).size, 0);
  });

  it("of billing's own store is told as such, and the same command does it once afterwards", async () => {
    await using folder = await stateFolder();
    const { state, wrap } = outage('billing_accounts');
    const reached = (milestone: string): void => {
      if (milestone === 'charged') state.isDown = true;
    };
    await using running = await startBilling(folder.path, { wrap, reached });
    const { token = '' } = await running.card(GOOD);
    const asks = running.asks({ accountId: 'a1' });
    const request = { planId: 'basic', country: 'DE', paymentToken: token, commandId: '1' };
    const isUnavailable = (fault: unknown) => fault instanceof RpcError && fault.code === 'unavailable';
    await assert.rejects(running.billing.startMembership(request, asks), isUnavailable);
    state.isDown = false;
    await until('it is done', async () => (await running.billing.startMembership(request, asks)).status === PaymentStatus.DONE);
    assert.deepEqual(
      [...(await running.statement('a1')).values()].map(({ state: kept }) => kept),
      ['succeeded'],
    );
  });
});
