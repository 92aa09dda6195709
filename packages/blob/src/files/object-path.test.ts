import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { objectPath } from './object-path.ts';

const part = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/),
  fc.integer({ min: 195, max: 200 }).map((length) => 'x'.repeat(length)),
);
const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

describe('the path of an object', () => {
  it('lets a key and a key below it live side by side', () => {
    assert.equal(objectPath('/o', 'a'), '/o/a~');
    assert.equal(objectPath('/o', 'a/b'), '/o/a/b~');
  });

  it('never gives two keys one path, stays inside the folder, and keeps every name short enough for a file system', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        const [first, second] = [objectPath('/o', one), objectPath('/o', other)];
        assert.equal(first === second, one === other);
        assert.ok(!`${second}/`.startsWith(`${first}/`) || one === other, 'an object would lie inside another object');
        assert.ok(first.startsWith('/o/'));
        assert.ok(first.split('/').every((name) => name.length <= 255));
      }),
    );
  });
});
