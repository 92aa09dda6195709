import assert from 'node:assert/strict';
import { it } from 'node:test';
import { localeFor } from './locale.ts';

it('numbers and dates are written as in the viewer’s region, in one kind of digits', () => {
  const german = localeFor('de', ['en-US', 'de-AT', 'de']);
  assert.match(german, /^de-AT/);
  assert.equal(new Intl.NumberFormat(localeFor('en', ['de-DE'])).format(1234.5), '1,234.5');
  assert.equal(new Intl.NumberFormat(localeFor('ar', ['ar-EG'])).format(12), '12');
  assert.match(localeFor('es-MX', ['es-ES']), /^es-MX/);
  assert.match(localeFor('de', ['de-not_a_tag', 'nonsense']), /^de/);
});
