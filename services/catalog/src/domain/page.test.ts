import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { pageOf, type PageKey } from './page.ts';

type Entry = { readonly order: number; readonly id: string };
const page = (entries: readonly Entry[], cursor: string, size = 3, weightMax = 1000) =>
  pageOf(entries, { keyOf: ({ order, id }): PageKey => [order, id], weightOf: () => 10, weightMax, size, cursor });

describe('a listing in pages', () => {
  it('tells every entry once, in order, whatever the size of pages', () => {
    const entries = fc.uniqueArray(fc.record({ order: fc.integer({ min: -5, max: 5 }), id: fc.stringMatching(/^[a-zA-Z0-9_-]{1,3}$/) }), {
      selector: ({ id }) => id,
      maxLength: 40,
    });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 60 }), (all, size, weightMax) => {
        const told: Entry[] = [];
        let cursor = '';
        do {
          const found = page(all, cursor, size, weightMax);
          assert.ok(found !== null && (found.page.length > 0 || all.length === 0) && found.page.length <= size);
          told.push(...found.page);
          cursor = found.nextCursor;
        } while (cursor !== '');
        assert.deepEqual(
          told,
          all.toSorted((one, other) => one.order - other.order || (one.id < other.id ? -1 : 1)),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('goes on rightly when the last entry told is gone meanwhile', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ order: 1, id }));
    const first = page(all, '');
    const rest = page(
      all.filter(({ id }) => id !== 'c'),
      first?.nextCursor ?? '',
    );
    assert.deepEqual(
      rest?.page.map(({ id }) => id),
      ['d', 'e'],
    );
  });

  it('knows a cursor that is none', () => {
    for (const cursor of ['x', '1', '1.', '1.../', '.a']) assert.equal(page([], cursor), null, cursor);
  });
});
