import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatTexts } from './format-text.ts';

it('texts are said by key, with an odd one shown as it is rather than as a fault', () => {
  const text = formatTexts<{ greeting: { readonly name: string }; odd: null; gone: null }>(
    { greeting: 'Hello {name}', odd: 'a } b' },
    'en',
  );
  assert.equal(text('greeting', { name: 'Ada' }), 'Hello Ada');
  assert.equal(text('odd'), 'a } b');
  assert.equal(text('gone'), 'gone');
});
