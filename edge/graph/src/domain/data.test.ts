import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { copyData, mergeData, type Data } from './data.ts';

const RUNS = { numRuns: 300 };
const data = (): fc.Arbitrary<Data> => fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.jsonValue()) as fc.Arbitrary<Data>;
const merge = (target: Data, source: Data): unknown => {
  const merged = copyData(target) as Data;
  mergeData(merged, copyData(source) as Data);
  return merged;
};

describe('merging', () => {
  it('joins the parts that services have of one object, and of the objects of one list', () => {
    assert.deepEqual(merge({ me: { id: 1, friends: [{ id: 2 }, null] } }, { me: { name: 'x', friends: [{ age: 3 }, null] } }), {
      me: { id: 1, name: 'x', friends: [{ id: 2, age: 3 }, null] },
    });
  });

  it('never lets a null hide a value', () => {
    assert.deepEqual(merge({ a: { b: 1 }, c: [{ d: 1 }] }, { a: null, c: [null] }), { a: { b: 1 }, c: [{ d: 1 }] });
    assert.deepEqual(merge({ a: null, c: [null] }, { a: { b: 1 }, c: [{ d: 1 }] }), { a: { b: 1 }, c: [{ d: 1 }] });
  });

  it('adds nothing when the same comes again', () => {
    fc.assert(
      fc.property(data(), (one) => {
        assert.deepEqual(merge(one, one), copyData(one));
      }),
      RUNS,
    );
  });

  it('changes no prototype, whatever names a service uses', () => {
    const hostile = JSON.parse('{"__proto__":{"isOperator":true},"a":{"__proto__":{"isOperator":true}}}') as Data;
    const merged = merge({ a: { b: 1 } }, hostile) as { a: object };
    assert.deepEqual(
      [Reflect.get(merged, 'isOperator'), Reflect.get(merged.a, 'isOperator'), Reflect.get({}, 'isOperator')],
      [undefined, undefined, undefined],
    );
  });

  it('leaves a copy alone when the original changes', () => {
    const original: Data = { a: { b: [{ c: 1 }] } };
    const copy = copyData(original);
    mergeData(original, { a: { b: [{ d: 2 }] } });
    assert.deepEqual(copy, { a: { b: [{ c: 1 }] } });
  });
});
