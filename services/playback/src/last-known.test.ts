import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { lastKnown } from './last-known.ts';

const silent = Promise.reject.bind(Promise, new Error('silent')) as () => Promise<never>;
const options = { freshMs: 100, answersMax: 2, isSilence: (fault: unknown) => fault instanceof Error && fault.message === 'silent' };

describe('a last known answer', () => {
  it('is not asked for again while it is fresh, and used on when nobody answers', async () => {
    let nowMs = 0;
    const known = lastKnown<number>({ ...options, nowMs: () => nowMs });
    assert.deepEqual(await known('a', () => Promise.resolve(1)), { value: 1, stale: false });
    nowMs = 99;
    assert.deepEqual(await known('a', () => Promise.resolve(2)), { value: 1, stale: false });
    nowMs = 100;
    assert.deepEqual(await known('a', silent), { value: 1, stale: true });
    assert.deepEqual(await known('a', () => Promise.resolve(3)), { value: 3, stale: false });
  });

  it('does not hide an answer that says no, nor a silence about something new', async () => {
    let nowMs = 0;
    const known = lastKnown<number>({ ...options, nowMs: () => nowMs });
    await known('a', () => Promise.resolve(1));
    nowMs = 200;
    await assert.rejects(
      known('a', () => Promise.reject(new Error('gone for good'))),
      /gone for good/,
    );
    await assert.rejects(known('b', silent), /silent/);
  });

  it('is asked for once by many, and forgotten when there are too many', async () => {
    const known = lastKnown<number>({ ...options, nowMs: () => 0 });
    let asked = 0;
    const ask = (): Promise<number> => Promise.resolve((asked += 1));
    const answers = await Promise.all([known('a', ask), known('a', ask), known('a', ask)]);
    assert.deepEqual(
      answers.map(({ value }) => value),
      [1, 1, 1],
    );
    await known('b', ask);
    await known('c', ask);
    assert.equal((await known('a', ask)).value, 4, 'the oldest was dropped');
  });
});
