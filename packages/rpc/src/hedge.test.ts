import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hedge } from './hedge.ts';
import type { UnderWay } from './hedge.ts';
import type { Outcome } from './wire/wires.ts';

const answer = (text: string): Outcome => ({ kind: 'answer', status: 200, headers: {}, body: Buffer.from(text), reusable: true });
const broken: Outcome = { kind: 'broken', sent: true, cause: new Error('broke off') };

type Controlled = UnderWay & { readonly end: (outcome: Outcome) => void; readonly givenUp: () => number };

function underWay(): Controlled {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let times = 0;
  return { outcome: promise, end: resolve, giveUp: () => (times += 1), givenUp: () => times };
}

describe('a hedged call', () => {
  it('is sent once when the answer comes in time', async () => {
    const first = underWay();
    first.end(answer('first'));
    const result = await hedge({ first, afterMs: 60_000, second: () => assert.fail('sent twice') });
    assert.deepEqual(result, { outcome: answer('first'), isFirst: true });
  });

  it('takes the answer that comes first, and gives up the other', async () => {
    for (const isFirst of [true, false]) {
      const [first, second] = [underWay(), underWay()];
      const result = hedge({ first, afterMs: 0, second: () => second });
      (isFirst ? first : second).end(answer('here'));
      assert.deepEqual(await result, { outcome: answer('here'), isFirst });
      assert.deepEqual([first.givenUp(), second.givenUp()], isFirst ? [0, 0] : [1, 0]);
    }
  });

  it('waits for the other when one breaks off, and is broken when both are', async () => {
    const [first, second] = [underWay(), underWay()];
    const result = hedge({ first, afterMs: 0, second: () => (second.end(broken), second) });
    first.end(answer('late'));
    assert.deepEqual(await result, { outcome: answer('late'), isFirst: true });
    const [one, two] = [underWay(), underWay()];
    const lost = hedge({ first: one, afterMs: 0, second: () => (two.end(broken), two) });
    one.end(broken);
    assert.equal((await lost).outcome, broken);
  });

  it('goes on waiting for the first when nobody else may be asked', async () => {
    const first = underWay();
    const result = hedge({ first, afterMs: 0, second: () => (first.end(answer('at last')), undefined) });
    assert.deepEqual(await result, { outcome: answer('at last'), isFirst: true });
  });
});
