import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { createSearcher, type SearchView } from './searcher.ts';

type Asked = { query: string; signal: AbortSignal; answer: (value: string) => void; fail: () => void };

/** A searcher whose clock and service the test holds. */
function bench() {
  const asked: Asked[] = [];
  const views: SearchView<string>[] = [];
  let waiting: (() => void) | undefined;
  const searcher = createSearcher<string>({
    ask: (query, signal) => new Promise((answer, reject) => asked.push({ query, signal, answer, fail: () => reject(new Error('away')) })),
    later(_ms, run) {
      waiting = run;
      return () => (waiting = undefined);
    },
    changed: (view) => views.push(view),
  });
  return {
    searcher,
    asked,
    view: () => views.at(-1),
    rest: (): void => {
      const run = waiting;
      waiting = undefined;
      run?.();
    },
  };
}

describe('searching while somebody types', () => {
  it('asks once, for what stands there when the typing rests', async () => {
    const { searcher, asked, rest, view } = bench();
    for (const text of ['h', 'he', 'hei ']) searcher.type(text);
    assert.equal(asked.length, 0);
    rest();
    assert.deepEqual(
      asked.map(({ query }) => query),
      ['hei'],
    );
    asked[0]?.answer('Heidi');
    await turn();
    assert.deepEqual(view(), { query: 'hei', found: { query: 'hei', value: 'Heidi' }, state: 'done' });
  });
  it('keeps the last answer in sight while the next is on its way, and never shows one that was overtaken', async () => {
    const { searcher, asked, rest, view } = bench();
    searcher.type('a');
    rest();
    asked[0]?.answer('of a');
    await turn();
    searcher.type('ab');
    assert.deepEqual([view()?.state, view()?.found?.value], ['searching', 'of a']);
    rest();
    searcher.type('abc');
    assert.equal(asked[1]?.signal.aborted, true);
    rest();
    asked[2]?.answer('of abc');
    asked[1]?.answer('of ab');
    await turn();
    assert.equal(view()?.found?.value, 'of abc');
  });
  it('shows nothing for nothing, also when an answer comes late', async () => {
    const { searcher, asked, rest, view } = bench();
    searcher.type('a');
    rest();
    searcher.type('  ');
    asked[0]?.answer('of a');
    await turn();
    assert.deepEqual(view(), { query: '', found: undefined, state: 'idle' });
  });
  it('says when it failed, and asks again when told to', async () => {
    const { searcher, asked, rest, view } = bench();
    searcher.type('a');
    rest();
    asked[0]?.fail();
    await turn();
    assert.equal(view()?.state, 'failed');
    searcher.again();
    asked[1]?.answer('of a');
    await turn();
    assert.equal(view()?.found?.value, 'of a');
  });
  it('lets go of what it asked when the page goes', () => {
    const { searcher, asked, rest } = bench();
    searcher.type('a');
    rest();
    searcher.close();
    assert.equal(asked[0]?.signal.aborted, true);
  });
});
