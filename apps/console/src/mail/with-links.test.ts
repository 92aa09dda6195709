import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as check, constantFrom, oneof, property, string, webUrl } from 'fast-check';
import { withLinks } from './with-links.ts';

describe('the links of a message', () => {
  it('are its http addresses, without the full stop after them', () => {
    assert.deepEqual(
      withLinks('Follow http://app.localhost:8080/verify#a_b-c.\nBye').map(({ kind, text }) => `${kind}: ${text}`),
      ['text: Follow ', 'link: http://app.localhost:8080/verify#a_b-c', 'text: .\nBye'],
    );
  });
  it('are never anything that runs', () => {
    assert.deepEqual(
      withLinks('javascript:alert(1) data:text/html,x').map(({ kind }) => kind),
      ['text'],
    );
  });
  it('lose no character of the text', () => {
    const piece = oneof(string(), webUrl(), constantFrom(' ', '\n', 'https://', '.'));
    check(
      property(array(piece), (pieces) => {
        const parts = withLinks(pieces.join(''));
        assert.equal(parts.map(({ text }) => text).join(''), pieces.join(''));
        for (const part of parts) if (part.kind === 'link') assert.match(part.text, /^https?:\/\//);
      }),
    );
  });
});
