import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { testPassports } from '@bioscope/passport/testing';
import { RpcError, type Code } from '@bioscope/rpc';

import { Action, DecideResponseSchema, RefusedSchema, type DecideRequest } from './access_pb.ts';
import { operatorGuard, type OperatorGuard } from './operator-guard.ts';

type Decided = MessageInitShape<typeof DecideResponseSchema>;
const GRANTED: Decided = { outcome: { case: 'granted', value: {} } };
const REFUSED: Decided = { outcome: { case: 'refused', value: { because: 'kids_profile', lifts: ['switch_profile'] } } };
const call = testPassports().within({ accountId: 'op', isOperator: true });

/** A guard whose access answers this, and what access was asked. */
function guarded(answer: Decided | Error): { guard: OperatorGuard; asked: unknown[] } {
  const asked: unknown[] = [];
  const guard = operatorGuard({
    async decide(request, options) {
      asked.push([(request as Pick<DecideRequest, 'action'>).action, (request as Pick<DecideRequest, 'area'>).area, options?.within]);
      if (answer instanceof Error) throw answer;
      return create(DecideResponseSchema, answer);
    },
  });
  return { guard, asked };
}

describe('the guard of what operators do', () => {
  it('runs the handler for who may, after asking access within the call', async () => {
    const { guard, asked } = guarded(GRANTED);
    const handler = guard.only('films', (request: { id: string }, { requestId }) => `${request.id} of ${requestId}`);
    assert.equal(await handler({ id: 'film' }, call), `film of ${call.requestId}`);
    assert.deepEqual(asked, [[Action.OPERATE, 'films', call]]);
  });

  it('asks each time: nothing is kept of an answer', async () => {
    const { guard, asked } = guarded(GRANTED);
    for (const area of ['films', 'films', 'mail'] as const) await guard.check(area, call);
    assert.equal(asked.length, 3);
  });

  it('says which refusal it was, and what lifts it, and does not run the handler', async () => {
    const { guard } = guarded(REFUSED);
    let ran = 0;
    const fault = await guard
      .only('money', () => (ran += 1))({}, call)
      .catch((error: unknown) => error);
    assert.ok(fault instanceof RpcError);
    assert.deepEqual([fault.code, ran], ['permission_denied', 0]);
    assert.match(fault.message, /"money": kids_profile/);
    const [detail] = fault.details;
    assert.equal(detail?.type, 'bioscope.access.v1.Refused');
    const refused = fromBinary(RefusedSchema, Buffer.from(detail.value, 'base64'));
    assert.deepEqual([refused.because, refused.lifts], ['kids_profile', ['switch_profile']]);
  });

  it('takes an answer that it does not understand for a refusal', async () => {
    await assert.rejects(guarded({}).guard.check('films', call), { code: 'permission_denied', message: /not_permitted/ });
  });

  it('refuses for now when access does not answer, and passes on what who calls must know', async () => {
    const codeFor = async (fault: Error): Promise<unknown> =>
      guarded(fault)
        .guard.check('films', call)
        .then(
          () => 'granted',
          (error: unknown) => error instanceof RpcError && error.code,
        );
    const codes: readonly (readonly [Code, Code])[] = [
      ['unavailable', 'unavailable'],
      ['deadline_exceeded', 'unavailable'],
      ['internal', 'unavailable'],
      ['permission_denied', 'unavailable'],
      ['unauthenticated', 'unauthenticated'],
      ['canceled', 'canceled'],
    ];
    for (const [told, said] of codes) assert.equal(await codeFor(new RpcError(told, 'x')), said, told);
    assert.equal(await codeFor(new TypeError('broken')), 'unavailable');
  });
});
