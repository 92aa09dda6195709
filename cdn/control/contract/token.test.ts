import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { TOKEN_VECTOR_KEYS, TOKEN_VECTORS } from './token-vectors.ts';
import { signSegmentToken, verifySegmentToken } from './token.ts';

const NOW_MS = 1_800_000_000_000;
const [KEY, OTHER_KEY] = TOKEN_VECTOR_KEYS;
assert(KEY !== undefined && OTHER_KEY !== undefined);

describe('segment tokens', () => {
  for (const vector of TOKEN_VECTORS) {
    it(`finds ${vector.name} ${vector.verdict}`, () => {
      const verdict = verifySegmentToken(TOKEN_VECTOR_KEYS, vector.token, vector.editionId, NOW_MS);
      assert.equal(verdict.kind === 'valid' ? 'valid' : verdict.because, vector.verdict);
    });
  }

  it('signs the golden token', () => {
    const token = signSegmentToken(KEY, { editionId: 'Ed_1-x', sessionId: 'ses-1_A', expiresAtMs: 4_000_000_000_000 });
    assert.equal(token, TOKEN_VECTORS[0]?.token);
  });

  it('rounds an expiry up to a whole second, and refuses from that second on', () => {
    const token = signSegmentToken(KEY, { editionId: 'e', sessionId: 's', expiresAtMs: NOW_MS + 1 });
    assert.deepEqual(verifySegmentToken([KEY], token, 'e', NOW_MS + 999), {
      kind: 'valid',
      sessionId: 's',
      expiresAtMs: NOW_MS + 1000,
    });
    assert.deepEqual(verifySegmentToken([KEY], token, 'e', NOW_MS + 1000), { kind: 'refused', because: 'expired' });
  });

  it('is valid for its own key and edition only, whatever the ids', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    fc.assert(
      fc.property(id, id, id, fc.integer({ min: 1, max: 1e9 }), (editionId, otherEditionId, sessionId, lifeMs) => {
        const expiresAtMs = NOW_MS + lifeMs;
        const token = signSegmentToken(KEY, { editionId, sessionId, expiresAtMs });
        const verdict = verifySegmentToken([OTHER_KEY, KEY], token, editionId, NOW_MS);
        assert.deepEqual(verdict, { kind: 'valid', sessionId, expiresAtMs: Math.ceil(expiresAtMs / 1000) * 1000 });
        assert.deepEqual(verifySegmentToken([OTHER_KEY], token, editionId, NOW_MS), { kind: 'refused', because: 'unknown_key' });
        const elsewhere = verifySegmentToken([KEY], token, otherEditionId, NOW_MS);
        assert.equal(elsewhere.kind, otherEditionId === editionId ? 'valid' : 'refused');
      }),
    );
  });
});
