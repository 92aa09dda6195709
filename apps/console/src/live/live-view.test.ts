import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hear, viewOf, type Heard } from './live-view.ts';

const NOW_MS = 1_800_000_000_400;
type Answer = Heard['answer'];

function answer(instance: string, more: Partial<Answer> = {}): Answer {
  return { instance, nowMs: NOW_MS, sinceMs: 1, sessions: 0, seconds: [], ...more };
}
/** Seconds before the running one. */
function second(ago: number, started: number, refused: Record<string, number> = {}, failed = 0) {
  return { atMs: Math.floor(NOW_MS / 1000) * 1000 - ago * 1000, started, refused, failed };
}
/** What is not zero, by seconds ago. */
function told(values: readonly number[]): [number, number][] {
  return values.map((value, at): [number, number] => [values.length - at, value]).filter(([, value]) => value !== 0);
}

describe('live figures of one process', () => {
  it('are the whole seconds of two minutes; the running one would look like a fall', () => {
    const view = viewOf(hear([], answer('a', { seconds: [second(121, 9), second(120, 1), second(1, 2), second(0, 9)] }), 0));
    assert.equal(view.started.length, 120);
    assert.deepEqual(told(view.started), [
      [120, 1],
      [1, 2],
    ]);
    assert.deepEqual([view.instances, view.sinceMs], [['a'], null]);
  });

  it('name the reasons, the most frequent first, and the failures', () => {
    const seconds = [second(3, 0, { lapsed: 1, stream_limit: 2 }), second(2, 0, { lapsed: 4 }, 3)];
    const view = viewOf(hear([], answer('a', { seconds }), 0));
    assert.deepEqual(view.reasons, [
      { because: 'lapsed', count: 5 },
      { because: 'stream_limit', count: 2 },
    ]);
    assert.deepEqual(
      [told(view.lost), view.failed],
      [
        [
          [3, 3],
          [2, 7],
        ],
        3,
      ],
    );
  });

  it('say since when they are counted, when that is less than two minutes', () => {
    assert.equal(viewOf(hear([], answer('a', { sinceMs: NOW_MS - 30_000 }), 0)).sinceMs, NOW_MS - 30_000);
  });

  it('replace what the process said before', () => {
    const first = hear([], answer('a', { seconds: [second(1, 2)], sessions: 3 }), 0);
    const view = viewOf(hear(first, answer('a', { seconds: [second(1, 5)], sessions: 4 }), 1_000));
    assert.deepEqual([told(view.started), view.sessions], [[[1, 5]], { atLeast: 4, atMost: 4 }]);
  });
});

describe('live figures of several processes', () => {
  it('are summed, but sessions may be known to each', () => {
    const one = hear([], answer('b', { seconds: [second(1, 2), second(5, 1)], sessions: 3 }), 0);
    const view = viewOf(hear(one, answer('a', { seconds: [second(1, 5)], sessions: 4 }), 1_000));
    assert.deepEqual(told(view.started), [
      [5, 1],
      [1, 7],
    ]);
    assert.deepEqual([view.sessions, view.instances], [{ atLeast: 4, atMost: 7 }, ['a', 'b']]);
  });

  it('end with the last second that all have told', () => {
    const one = hear([], answer('b', { nowMs: NOW_MS - 3_000, seconds: [second(4, 1)] }), 0);
    const view = viewOf(hear(one, answer('a', { seconds: [second(4, 1), second(2, 9)] }), 3_000));
    assert.deepEqual(told(view.started), [[1, 2]]);
  });

  it('keep the starts of a process that is gone, and not its sessions', () => {
    const one = hear([], answer('gone', { seconds: [second(1, 2)], sessions: 8 }), 0);
    const later = hear(one, answer('a', { nowMs: NOW_MS + 20_000, sessions: 1 }), 20_000);
    const view = viewOf(later);
    assert.deepEqual([told(view.started), view.sessions, view.instances], [[[21, 2]], { atLeast: 1, atMost: 1 }, ['a']]);
    assert.equal(hear(later, answer('a'), 120_000).length, 1, 'two minutes later it is forgotten');
  });

  it('are kept of as many as there may be', () => {
    let known: readonly Heard[] = [];
    for (let made = 0; made < 100; made += 1) known = hear(known, answer(`process-${made}`), made);
    assert.equal(known.length, 64);
    assert.equal(known[0]?.answer.instance, 'process-99');
  });

  it('are zero while nobody was heard', () => {
    const view = viewOf([]);
    assert.deepEqual([told(view.started), view.reasons, view.sessions], [[], [], { atLeast: 0, atMost: 0 }]);
  });
});
