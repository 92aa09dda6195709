import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogNews } from '@bioscope/log/groups';
import { createNewsBoard } from './news-board.ts';
import type { Marks, NewsBoard } from './news-board.ts';

function open(): { board: NewsBoard; happen: (news: LogNews) => void; ask: (known: readonly Marks[]) => Promise<readonly Marks[]> } {
  let told: (news: LogNews) => void = () => undefined;
  const board = createNewsBoard({
    onNews(listener) {
      told = listener;
      return () => undefined;
    },
  });
  return { board, happen: (news) => told(news), ask: (known) => board.changed(known, AbortSignal.timeout(2_000)) };
}

const unknown = (topic: string): Marks => ({ topic, published: '', regrouped: '' });

describe('the board of news', () => {
  it('answers at once who knows nothing or less, also what happened while nobody asked', async () => {
    const { happen, ask } = open();
    const known = await ask([unknown('a'), unknown('b')]);
    assert.deepEqual(
      known.map(({ topic }) => topic),
      ['a', 'b'],
    );
    happen({ kind: 'published', topic: 'a' });
    const [news, ...others] = await ask(known);
    assert.deepEqual([news?.topic, others.length], ['a', 0]);
    assert.notEqual(news?.published, known[0]?.published);
    assert.equal(news?.regrouped, known[0]?.regrouped);
  });

  it('wakes who waits for the topic, and nobody else', async () => {
    const { board, happen, ask } = open();
    const known = await ask([unknown('a')]);
    const other = await ask([unknown('b')]);
    const over = new AbortController();
    const [waiting, unconcerned] = [ask(known), board.changed(other, over.signal)];
    happen({ kind: 'regrouped', topic: 'a' });
    assert.deepEqual(
      (await waiting).map(({ topic }) => topic),
      ['a'],
    );
    over.abort();
    assert.deepEqual(await unconcerned, []);
  });

  it('takes news that do not say which topic for news of all', async () => {
    const { happen, ask } = open();
    const known = await ask([unknown('a'), unknown('b')]);
    happen({ kind: 'published', topic: null });
    assert.equal((await ask(known)).length, 2);
  });

  it('counts anew after a restart, so that what happened in between is asked for', async () => {
    const known = await open().ask([unknown('a')]);
    assert.equal((await open().ask(known)).length, 1);
  });
});
