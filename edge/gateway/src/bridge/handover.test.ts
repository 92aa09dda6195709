import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHandover, writeHandover } from './handover.ts';
import type { Handover } from './handover.ts';

const HANDOVER: Handover = {
  from: 'a',
  clientAddress: '2001:db8::7',
  scheme: 'https',
  requestId: 'one',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  country: 'DE',
  countryFrom: 'address',
};

describe('a handover', () => {
  it('arrives as it was written', () => {
    assert.deepEqual(readHandover(writeHandover(HANDOVER)), HANDOVER);
  });

  it('is none without all of its parts, each of its kind', () => {
    for (const text of [undefined, '', '{', 'null', '[]', '"a"', '{}']) assert.equal(readHandover(text), undefined);
    for (const name of Object.keys(HANDOVER)) {
      assert.equal(readHandover(JSON.stringify({ ...HANDOVER, [name]: undefined })), undefined, name);
      assert.equal(readHandover(JSON.stringify({ ...HANDOVER, [name]: 7 })), undefined, name);
    }
    assert.equal(readHandover(JSON.stringify({ ...HANDOVER, scheme: 'ftp' })), undefined);
    assert.equal(readHandover(JSON.stringify({ ...HANDOVER, countryFrom: 'a guess' })), undefined);
  });
});
