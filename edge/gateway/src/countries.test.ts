import assert from 'node:assert/strict';
import { it } from 'node:test';
import { openCountries } from './countries.ts';

it('knows the countries of public addresses, and takes the operator’s for those that no registry knows', async () => {
  const countries = await openCountries({ otherwise: 'DE', table: '' });
  assert.deepEqual(countries.of('8.8.8.8'), { country: 'US', countryFrom: 'address' });
  assert.deepEqual(countries.of('::ffff:8.8.8.8'), { country: 'US', countryFrom: 'address' });
  for (const address of ['127.0.0.1', '::1', '10.1.2.3', 'not an address', '']) {
    assert.deepEqual(countries.of(address), { country: 'DE', countryFrom: 'setting' }, address);
  }
  assert.deepEqual((await openCountries({ otherwise: '', table: 'none' })).of('127.0.0.1'), { country: '', countryFrom: 'unknown' });
  await assert.rejects(openCountries({ otherwise: '', table: '/nothing/here.mmdb' }));
});
