import assert from 'node:assert/strict';
import { it } from 'node:test';
import { languageOf } from './language.ts';

it('takes the language that is liked most, the first of equals, and none where none is named', () => {
  const read = ['de-AT, de;q=0.9, en;q=0.8', 'en;q=0.3, ar', 'hi;q=0, es;q=0.1', '*', '', 'x;q=1, <script>', 'fr;q=nonsense'].map(
    languageOf,
  );
  assert.deepEqual(read, ['de-AT', 'ar', 'es', '', '', '', '']);
  assert.equal(languageOf(undefined), '');
  assert.equal(languageOf(`${'a,'.repeat(10_000)}de`), '');
});
