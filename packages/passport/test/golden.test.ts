import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssuranceSchema, CountrySourceSchema } from '../contract/index.ts';
import { ASSURANCES, COUNTRY_SOURCES, accessTokens, openPassport, sealPassport, weeklyKeys } from '../src/index.ts';
import type { Audience, Passport, RotatingKeys } from '../src/index.ts';
import vectors from './golden.json' with { type: 'json' };

const nowMs = () => vectors.nowMs;
const { secret } = vectors;

describe('passports and tokens on the wire', () => {
  it('are what they were: every release and every language must make and take the same bytes', () => {
    const keys = new Map<Audience, RotatingKeys>(
      (['play', 'browse', 'offline'] as const).map((audience) => [
        audience,
        weeklyKeys({ secret, purpose: `passport\n${audience}`, nowMs }),
      ]),
    );
    for (const { passport, sealed } of vectors.passports) {
      const whole = passport as Passport;
      assert.equal(sealPassport(whole, keys), sealed);
      for (const [audience, ring] of keys) {
        const opened = openPassport(sealed, { audience, keys: ring, requestId: whole.requestId, nowMs: nowMs() });
        assert.deepEqual(opened, { kind: 'genuine', passport: whole });
      }
    }
    const tokens = accessTokens({ keys: weeklyKeys({ secret, purpose: 'access-token', nowMs }), nowMs });
    for (const { passport, token } of vectors.tokens) {
      const whole = passport as Passport;
      assert.equal(tokens.mint(whole, whole.expiresAtMs - whole.issuedAtMs).token, token);
      assert.deepEqual(tokens.check(token), { kind: 'genuine', passport: whole });
    }
  });

  it('number countries’ sources and assurances as the contract does', () => {
    const wordsOf = (schema: { values: readonly { localName: string }[] }) => schema.values.map(({ localName }) => localName.toLowerCase());
    assert.deepEqual(wordsOf(AssuranceSchema), ['unspecified', ...ASSURANCES.slice(1)]);
    assert.deepEqual(wordsOf(CountrySourceSchema), ['unspecified', ...COUNTRY_SOURCES.slice(1)]);
  });
});
