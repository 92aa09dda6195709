import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSipHash } from './sip-hash.ts';

describe('SipHash-2-4', () => {
  it('gives the value of the paper (15 bytes) and those of the reference vectors', () => {
    const hash = createSipHash(Uint8Array.from({ length: 16 }, (_, i) => i));
    const message = Uint8Array.from({ length: 64 }, (_, i) => i);
    const of = (bytes: number): string => {
      const out = new Uint32Array(2);
      hash(message, bytes, out);
      return Buffer.from(new Uint8Array(out.buffer)).toString('hex');
    };
    assert.equal(of(0), '310e0edd47db6f72');
    assert.equal(of(1), 'fd67dc93c539f874');
    assert.equal(of(8), '6224939a79f5f593');
    assert.equal(of(15), 'e545be4961ca29a1');
  });
});
