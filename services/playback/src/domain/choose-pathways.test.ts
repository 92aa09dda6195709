import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { choosePathways, PATHWAYS_MAX } from './choose-pathways.ts';

const pathway = (id: string, usable: boolean) => ({ id, baseUrl: `http://${id}`, usable });
const ids = (...ranked: ReturnType<typeof pathway>[]): string[] => choosePathways(ranked).map(({ id }) => id);

describe('the pathways of a session', () => {
  it('are those that can serve, in order, then the others', () => {
    assert.deepEqual(ids(pathway('a', false), pathway('b', true), pathway('c', true)), ['b', 'c', 'a']);
  });

  it('are none when nobody can serve', () => {
    assert.deepEqual(ids(pathway('a', false)), []);
    assert.deepEqual(ids(), []);
  });

  it('are never more than a player would try', () => {
    const many = Array.from({ length: 10 }, (_, index) => pathway(`p${index}`, index > 7));
    assert.deepEqual(ids(...many), ['p8', 'p9', 'p0', 'p1']);
    assert.equal(ids(...many).length, PATHWAYS_MAX);
  });
});
