import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as holds, constantFrom, property } from 'fast-check';
import { normaliseTarget } from './normalise-target.ts';

describe('the normalised target', () => {
  it('has one spelling for one path', () => {
    for (const [given, path, query = ''] of [
      ['/', '/'],
      ['/title/one', '/title/one'],
      ['/a/./b/../c', '/a/c'],
      ['/a/b/..', '/a/'],
      ['/a/%2e%2E/b', '/b'],
      ['/%61%7Eb', '/a~b'],
      ['/gr%c3%bc%c3%9fe', '/gr%C3%BC%C3%9Fe'],
      ['/a%20b', '/a%20b'],
      ['/.well-known/x', '/.well-known/x'],
      ['/a..b/...', '/a..b/...'],
      ['/x?a=/../b%2f', '/x', '?a=/../b%2f'],
      ['/x?', '/x', '?'],
    ] as const) {
      assert.deepEqual(normaliseTarget(given), { path, query }, given);
    }
  });

  it('is refused where two readers could see two paths', () => {
    const doubtful = [
      '',
      'x',
      '*',
      '/..',
      '/a/../..',
      '/%2e%2e',
      '/a%2fb',
      '/a%5Cb',
      '/a\\b',
      '/a%00',
      '/a%0d%0a',
      '/a%7f',
      '/a%',
      '/a%2',
      '/a%zz',
      '/a#b',
      '/a b',
      '/\u00e4',
    ];
    for (const given of doubtful) assert.equal(normaliseTarget(given), undefined, JSON.stringify(given));
  });

  it('is its own normal form, and never leaves the root', () => {
    const segment = constantFrom('a', '.', '..', '', '%2e', '%2E%2e', 'b.c', '%41', '%c3%a4', '...', '~');
    holds(
      property(array(segment, { maxLength: 8 }), (segments) => {
        const normal = normaliseTarget(`/${segments.join('/')}`);
        if (normal === undefined) return;
        assert.deepEqual(normaliseTarget(normal.path), normal);
        assert(!normal.path.split('/').some((part) => part === '.' || part === '..'), normal.path);
        assert.equal(new URL(`http://host${normal.path}`).pathname, normal.path, 'as the URL standard reads it');
      }),
      { numRuns: process.env['BIOSCOPE_TEST_ALL'] === '1' ? 20_000 : 500 },
    );
  });
});
