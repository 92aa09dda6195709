import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { turns } from './turns.ts';

const NEVER = new AbortController().signal;

describe('turns', () => {
  it('lets so many run, so many wait in order, and turns the rest away', async () => {
    const queue = turns({ atOnceMax: 1, waitingMax: 2 });
    const first = await queue.take(NEVER);
    const order: string[] = [];
    const second = queue.take(NEVER).then((giveBack) => (order.push('second'), giveBack));
    const third = queue.take(NEVER).then((giveBack) => (order.push('third'), giveBack));
    assert.equal(await queue.take(NEVER), undefined);
    assert.deepEqual(order, []);
    first?.();
    (await second)?.();
    (await third)?.();
    assert.deepEqual(order, ['second', 'third']);
    assert.notEqual(await queue.take(NEVER), undefined);
  });

  it('forgets who stopped waiting', async () => {
    const queue = turns({ atOnceMax: 1, waitingMax: 1 });
    const first = await queue.take(NEVER);
    const impatient = new AbortController();
    const second = queue.take(impatient.signal);
    impatient.abort();
    assert.equal(await second, undefined);
    const third = queue.take(NEVER);
    first?.();
    assert.notEqual(await third, undefined);
  });
});
