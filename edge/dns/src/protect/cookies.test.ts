import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createCookies } from './cookies.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));

describe('server cookies', () => {
  it('are those of RFC 9018 A.1 and A.4', () => {
    const four = createCookies([hex('e5e973e5a6b2a43f48e7dc849e37bfcf')]);
    const out = new Uint8Array(16);
    four.write(hex('2464c4abcf10c957'), Uint8Array.from([198, 51, 100, 100]), 1_559_731_985, out, 0);
    assert.equal(Buffer.from(out).toString('hex'), '010000005cf79f111f8130c3eee29480');
    const six = createCookies([hex('445536bcd2513298075a5d379663c962'), hex('dd3bdf9344b678b185a6f5cb60fca715')]);
    const client = hex('20010db80220000159ded0f4876982b8');
    six.write(hex('22681ab97d52c298'), client, 1_559_741_961, out, 0);
    assert.equal(Buffer.from(out).toString('hex'), '010000005cf7c609a6bb79d16625507a');
    // The one made with the secret before is still good.
    assert.equal(six.isValid(hex('22681ab97d52c298010000005cf7c57926556bd0934c72f8'), 24, client, 1_559_741_961), true);
  });

  it('are good for an hour, at the address, with the client cookie, and with nothing changed', () => {
    const cookies = createCookies([hex('e5e973e5a6b2a43f48e7dc849e37bfcf')]);
    const client = Uint8Array.from([198, 51, 100, 100]);
    const cookie = hex('2464c4abcf10c957010000005cf79f111f8130c3eee29480');
    const made = 1_559_731_985;
    const isGood = (changed: Uint8Array, at = made, from = client): boolean => cookies.isValid(changed, changed.length, from, at);
    assert.equal(isGood(cookie), true);
    assert.equal(isGood(cookie, made + 3_600), true);
    assert.equal(isGood(cookie, made + 3_601), false);
    assert.equal(isGood(cookie, made - 300), true);
    assert.equal(isGood(cookie, made - 301), false);
    assert.equal(isGood(cookie, made, Uint8Array.from([198, 51, 100, 101])), false);
    for (let at = 0; at < cookie.length; at += 1) {
      const changed = Uint8Array.from(cookie, (byte, i) => (i === at ? byte ^ 1 : byte));
      assert.equal(isGood(changed), false, `byte ${at}`);
    }
    assert.equal(isGood(cookie.slice(0, 8)), false);
  });
});
