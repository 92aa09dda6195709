import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRoute, pathOf } from './router.ts';

describe('the addresses of the app', () => {
  it('lead to their pages', () => {
    assert.deepEqual(parseRoute(pathOf.home), { kind: 'home' });
    assert.deepEqual(parseRoute(pathOf.title('t_1-a')), { kind: 'title', titleId: 't_1-a' });
    assert.deepEqual(parseRoute(pathOf.watch('t1')), { kind: 'watch', titleId: 't1' });
    assert.deepEqual(parseRoute('/title/t1/'), { kind: 'title', titleId: 't1' });
    assert.deepEqual(parseRoute(pathOf.person('p1')), { kind: 'person', personId: 'p1' });
    assert.deepEqual(parseRoute(pathOf.pay('basic')), { kind: 'pay', planId: 'basic' });
    for (const path of Object.values(pathOf).filter((each) => typeof each === 'string'))
      assert.notEqual(parseRoute(path).kind, 'not_found', path);
  });
  it('that are mistyped lead to no page', () => {
    for (const path of ['/titles', '/title', '/title/a/b', '/title/a%20b', '/watch/<x>', `/title/${'x'.repeat(65)}`, '/constructor'])
      assert.deepEqual(parseRoute(path), { kind: 'not_found' }, path);
  });
});
