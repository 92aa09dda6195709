import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { knownAnswers } from './known-answers.ts';

/** A source that answers each key with `n` when told to, and a clock. */
function setting({ freshMs = () => 100, answersMax = 10, freshUntilMs }: Partial<Parameters<typeof knownAnswers<number>>[0]> = {}) {
  const clock = { nowMs: 1_000 };
  const questions: { keys: readonly string[]; answer: (n: number) => void; fail: () => void }[] = [];
  const faults: unknown[] = [];
  const known = knownAnswers<number>({
    freshMs,
    ...(freshUntilMs === undefined ? {} : { freshUntilMs }),
    answersMax,
    nowMs: () => clock.nowMs,
    onSilence: (fault) => faults.push(fault),
  });
  const ask = (keys: readonly string[]): Promise<ReadonlyMap<string, number>> =>
    new Promise((resolve, reject) => {
      questions.push({
        keys,
        answer: (n) => resolve(new Map(keys.map((key) => [key, n]))),
        fail: () => reject(new Error('no answer')),
      });
    });
  const learn = (keys: readonly string[], waitMsMax = 5_000) => known.learn(keys, ask, waitMsMax);
  const learnOne = async (key: string, n: number) => {
    const learned = learn([key]);
    questions.at(-1)?.answer(n);
    return (await learned).get(key);
  };
  return { clock, questions, faults, known, learn, learnOne };
}

describe('knownAnswers', () => {
  it('asks once while an answer is fresh, and again afterwards', async () => {
    const { clock, questions, learn, learnOne } = setting();
    assert.deepEqual(await learnOne('a', 1), { value: 1, learnedAtMs: 1_000, isFresh: true });
    clock.nowMs += 99;
    assert.deepEqual((await learn(['a'])).get('a'), { value: 1, learnedAtMs: 1_000, isFresh: true });
    assert.equal(questions.length, 1);
    clock.nowMs += 1;
    assert.equal((await learnOne('a', 2))?.value, 2);
    assert.equal(questions.length, 2);
  });

  it('asks again when time alone has made it another answer', async () => {
    const { clock, questions, learnOne } = setting({ freshUntilMs: () => 1_010 });
    await learnOne('a', 1);
    clock.nowMs = 1_010;
    await learnOne('a', 2);
    assert.equal(questions.length, 2);
  });

  it('asks once for all who want to know at the same time, and only for what is not known', async () => {
    const { questions, learn, learnOne } = setting();
    await learnOne('a', 1);
    const both = [learn(['a', 'b', 'b', 'c']), learn(['c'])];
    assert.deepEqual(questions[1]?.keys, ['b', 'c']);
    questions[1]?.answer(2);
    const [first, second] = await Promise.all(both);
    assert.deepEqual(
      [...(first ?? [])].map(([key, { value }]) => [key, value]),
      [
        ['a', 1],
        ['b', 2],
        ['c', 2],
      ],
    );
    assert.equal(second?.get('c')?.value, 2);
    assert.equal(questions.length, 2);
  });

  it('falls back to the last that is known when there is no answer, and says that it is not fresh', async () => {
    const { clock, questions, faults, learn, learnOne } = setting();
    await learnOne('a', 1);
    clock.nowMs += 1_000;
    const learned = learn(['a', 'b']);
    questions.at(-1)?.fail();
    assert.deepEqual(await learned, new Map([['a', { value: 1, learnedAtMs: 1_000, isFresh: false }]]));
    assert.equal(faults.length, 1);
  });

  it('does not let everybody wait for a source that has just failed', async () => {
    const { clock, questions, learn } = setting();
    const learned = learn(['a']);
    questions.at(-1)?.fail();
    await learned;
    assert.deepEqual(await learn(['a']), new Map());
    assert.equal(questions.length, 1);
    clock.nowMs += 500;
    void learn(['a']);
    assert.equal(questions.length, 2);
    questions.at(-1)?.answer(1);
  });

  it('waits no longer than it was told, and keeps the answer that comes too late', async () => {
    const { questions, learn } = setting();
    assert.deepEqual(await learn(['a'], 1), new Map());
    questions.at(-1)?.answer(7);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await learn(['a'])).get('a')?.value, 7);
    assert.equal(questions.length, 1);
  });

  it('forgets: who asks later gets an answer that was asked for later', async () => {
    const { questions, known, learn } = setting();
    const before = learn(['a']);
    known.forget('a');
    const after = learn(['a']);
    questions[0]?.answer(1);
    questions[1]?.answer(2);
    assert.equal((await before).get('a')?.value, 1);
    assert.equal((await after).get('a')?.value, 2);
    assert.equal((await learn(['a'])).get('a')?.value, 2);
  });

  it('does not keep an answer to a question that was asked before the change', async () => {
    const { questions, known, learn } = setting();
    const before = learn(['a']);
    known.forget('a');
    questions[0]?.answer(1);
    await before;
    void learn(['a']);
    assert.equal(questions.length, 2);
    questions[1]?.answer(2);
  });

  it('keeps so many answers, and lets the oldest go', async () => {
    const { questions, learn, learnOne } = setting({ answersMax: 2 });
    for (const key of ['a', 'b', 'c']) await learnOne(key, 1);
    assert.equal((await learn(['c', 'b'])).size, 2);
    assert.equal(questions.length, 3);
    void learn(['a']);
    assert.equal(questions.length, 4);
    questions.at(-1)?.answer(1);
  });
});
