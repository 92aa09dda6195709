import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { activeKey, knowsActiveKey, ringVersion, rotate, type KeyRing, type RotationPolicy } from './key-ring.ts';

const POLICY: RotationPolicy = { signingMs: 100_000, leadMs: 10_000, keepMs: 30_000 };
const EMPTY: KeyRing = { keys: [] };

let made = 0;
const fresh = () => ({ id: `k${++made}`, secretHex: '00'.repeat(32) });

describe('the ring of token keys', () => {
  it('makes the first key at once, and signs with it', () => {
    const ring = rotate(EMPTY, 1_000, POLICY, { id: 'a', secretHex: 'ff' });
    assert.deepEqual(ring.keys, [{ id: 'a', secretHex: 'ff', madeAtMs: 1_000, signsFromMs: 1_000 }]);
    assert.equal(activeKey(ring, 1_000)?.id, 'a');
  });

  it('hands out a new key before it signs, and keeps the old one for a token life after', () => {
    const first = rotate(EMPTY, 0, POLICY, { id: 'a', secretHex: '' });
    assert.equal(rotate(first, 89_999, POLICY, fresh()), first, 'nothing is due');

    const both = rotate(first, 90_000, POLICY, { id: 'b', secretHex: '' });
    assert.equal(ringVersion(both, 90_000), 'a*.b');
    assert.equal(activeKey(both, 99_999)?.id, 'a');
    assert.equal(activeKey(both, 100_000)?.id, 'b');
    assert.equal(ringVersion(both, 100_000), 'a.b*');

    assert.equal(rotate(both, 129_999, POLICY, fresh()), both);
    assert.deepEqual(
      rotate(both, 130_000, POLICY, fresh()).keys.map((key) => key.id),
      ['b'],
    );
  });

  it('knows who could not check what is signed now', () => {
    const ring = rotate(rotate(EMPTY, 0, POLICY, { id: 'a', secretHex: '' }), 90_000, POLICY, { id: 'b', secretHex: '' });
    assert.equal(knowsActiveKey('a*', ring, 99_999), true, 'the new key does not sign yet');
    assert.equal(knowsActiveKey('a*', ring, 100_000), false);
    assert.equal(knowsActiveKey('a*.b', ring, 100_000), true);
    assert.equal(knowsActiveKey('', ring, 0), false);
  });

  it('refuses a fresh key whose id is already live', () => {
    const ring = rotate(EMPTY, 0, POLICY, { id: 'a', secretHex: '' });
    assert.throws(() => rotate(ring, 90_000, POLICY, { id: 'a', secretHex: '' }), /id of a live one: a/);
  });

  it('always accepts every token that is still alive, however irregularly it is looked at', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 60 }), (steps) => {
        let nowMs = 0;
        let ring = rotate(EMPTY, nowMs, POLICY, fresh());
        const signed: { keyId: string; atMs: number }[] = [];
        for (const step of steps) {
          nowMs += step;
          ring = rotate(ring, nowMs, POLICY, fresh());
          const active = activeKey(ring, nowMs);
          assert(active !== undefined && active.signsFromMs <= nowMs);
          assert(ring.keys.length <= 3, 'two live keys, and one more when nobody looked for long');
          signed.push({ keyId: active.id, atMs: nowMs });
          for (const { keyId, atMs } of signed) {
            // A token that was signed less than the keep time after its key's successor took over.
            if (nowMs - atMs < POLICY.keepMs) assert(ring.keys.some((key) => key.id === keyId));
          }
        }
      }),
    );
  });
});
