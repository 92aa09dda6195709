import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { clientAddress } from './client-address.ts';

describe('the address of a client', () => {
  it('is the first that the gateway names, if it is one', () => {
    assert.equal(clientAddress('203.0.113.7'), '203.0.113.7');
    assert.equal(clientAddress(' 2001:db8::7 , 10.0.0.1'), '2001:db8::7');
    assert.equal(clientAddress('unknown'), '');
    assert.equal(clientAddress(''), '');
    assert.equal(clientAddress(undefined), '');
  });
});
