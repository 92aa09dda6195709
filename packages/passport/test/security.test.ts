import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { PASSPORT_HEADER, RpcError } from '@bioscope/rpc';
import { assert as always, property, string, uint8Array } from 'fast-check';
import { ClaimsSchema, SealedPassportSchema } from '../contract/index.ts';
import { ANONYMOUS, passportsFrom } from '../src/index.ts';
import { testPassports } from '../src/testing.ts';

const START = Date.UTC(2026, 10, 27);
const WEEK_MS = 7 * 86_400_000;
const { requestId: _none, ...NOBODY } = ANONYMOUS;
const MEMBER = {
  ...NOBODY,
  accountId: 'a1',
  profileId: 'p1',
  country: 'DE',
  countryFrom: 'claimed',
  assurance: 'session',
  epoch: 3,
} as const;

function clocked() {
  const clock = { nowMs: START };
  return { clock, ...testPassports({ nowMs: () => clock.nowMs }) };
}

function callOf(headers: Record<string, string>) {
  return { requestId: headers['x-request-id'] ?? '', header: (name: string) => headers[name] };
}

function refuses(read: () => unknown, because: RegExp): void {
  assert.throws(read, (error) => error instanceof RpcError && error.code === 'unauthenticated' && because.test(error.message));
}

describe('a passport', () => {
  it('tells each unit who asks, and nobody else can have made it', () => {
    const { passports, headersFor } = clocked();
    for (const unit of ['playback', 'identity', 'billing']) {
      const read = passports.readerFor(unit)(callOf(headersFor(MEMBER)));
      assert.deepEqual({ ...read, requestId: '', issuedAtMs: 0, expiresAtMs: 0 }, { ...ANONYMOUS, ...MEMBER });
    }
    const stranger = testPassports({ secret: '08'.repeat(32), nowMs: () => START });
    refuses(() => passports.readerFor('playback')(callOf(stranger.headersFor(MEMBER))), /not genuine/);
    refuses(() => passports.readerFor('playback')(callOf({ 'x-request-id': 'r' })), /carries no passport/);
  });

  it('is refused with any one bit changed, any end cut off, anything added', () => {
    const { passports, headersFor } = clocked();
    const read = passports.readerFor('playback');
    const headers = headersFor(MEMBER);
    const bytes = Buffer.from(headers[PASSPORT_HEADER] ?? '', 'base64url');
    const open = (changed: Buffer) => read(callOf({ ...headers, [PASSPORT_HEADER]: changed.toString('base64url') }));
    assert.equal(open(bytes).accountId, 'a1');
    let refused = 0;
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      // The seals of other audiences may change: they are not this unit's to check. What is read must be what was sealed.
      try {
        assert.deepEqual(open(changed), open(bytes));
      } catch (error) {
        assert.ok(error instanceof RpcError);
        refused += 1;
      }
    }
    assert.ok(refused > bytes.length * 4, `only ${refused} of ${bytes.length * 8} changes were seen`);
    for (let length = 0; length < bytes.length; length += 1) {
      const cut = bytes.subarray(0, length);
      try {
        assert.deepEqual(open(cut), open(bytes));
        // Only whole seals of others may be missing.
        assert.ok(fromBinary(SealedPassportSchema, cut).seals.length < 3);
      } catch (error) {
        assert.ok(error instanceof RpcError);
      }
    }
  });

  it('cannot be raised: a seal holds for the claims it was made over only', () => {
    const { passports, headersFor } = clocked();
    const headers = headersFor(MEMBER);
    const sealed = fromBinary(SealedPassportSchema, Buffer.from(headers[PASSPORT_HEADER] ?? '', 'base64url'));
    const claims = toBinary(ClaimsSchema, create(ClaimsSchema, { ...fromBinary(ClaimsSchema, sealed.claims), isOperator: true }));
    const raised = Buffer.from(toBinary(SealedPassportSchema, { ...sealed, claims })).toString('base64url');
    refuses(() => passports.readerFor('studio')(callOf({ ...headers, [PASSPORT_HEADER]: raised })), /not genuine/);
  });

  it('of one audience says nothing to another', () => {
    const { passports, headersFor } = clocked();
    const headers = headersFor(MEMBER);
    const sealed = fromBinary(SealedPassportSchema, Buffer.from(headers[PASSPORT_HEADER] ?? '', 'base64url'));
    // What a unit of the group "play" could make: its own seal, and that one under another name.
    const own = sealed.seals.filter(({ audience }) => audience === 'play');
    const renamed = own.map((seal) => ({ ...seal, audience: 'browse' }));
    for (const seals of [own, renamed]) {
      const made = Buffer.from(toBinary(SealedPassportSchema, { ...sealed, seals })).toString('base64url');
      refuses(() => passports.readerFor('identity')(callOf({ ...headers, [PASSPORT_HEADER]: made })), /not for this unit|not genuine/);
    }
  });

  it('is for one request', () => {
    const { passports, headersFor } = clocked();
    const headers = headersFor(MEMBER);
    refuses(() => passports.readerFor('playback')(callOf({ ...headers, 'x-request-id': 'another' })), /another request/);
    const nameless = headersFor({ ...MEMBER, requestId: '' });
    refuses(() => passports.readerFor('playback')(callOf(nameless)), /another request/);
  });

  it('expires, is not taken early, and its keys change by themselves', () => {
    const { clock, passports, headersFor } = clocked();
    const read = passports.readerFor('playback');
    const headers = headersFor(MEMBER);
    clock.nowMs = START + 91_000;
    refuses(() => read(callOf(headers)), /expired/);
    clock.nowMs = START - 31_000;
    refuses(() => read(callOf(headers)), /future/);
    const keyOf = (made: Record<string, string>) =>
      fromBinary(SealedPassportSchema, Buffer.from(made[PASSPORT_HEADER] ?? '', 'base64url')).seals[0]?.key;
    clock.nowMs = START + WEEK_MS;
    assert.notEqual(keyOf(headersFor(MEMBER)), keyOf(headers));
    assert.equal(read(callOf(headersFor(MEMBER))).accountId, 'a1');
    clock.nowMs = START + 2 * WEEK_MS;
    refuses(() => read(callOf(headers)), /not in use/);
  });

  it('is never more than refused, whatever is sent in its place', () => {
    const { passports } = clocked();
    const read = passports.readerFor('playback');
    const isRefused = (sent: string) => {
      refuses(() => read(callOf({ 'x-request-id': 'r', [PASSPORT_HEADER]: sent })), /./);
    };
    always(property(string({ maxLength: 3_000 }), isRefused), { numRuns: 300 });
    always(
      property(uint8Array({ maxLength: 600 }), (bytes) => isRefused(Buffer.from(bytes).toString('base64url'))),
      { numRuns: 300 },
    );
  });
});

describe('an access token', () => {
  it('is good until it expires, and not with a character changed', () => {
    const { clock, accessTokens } = clocked();
    const { token, expiresAtMs } = accessTokens.mint(MEMBER, 600_000);
    const checked = accessTokens.check(token);
    assert.ok(checked.kind === 'genuine' && checked.passport.accountId === 'a1' && checked.passport.epoch === 3);
    for (let place = 0; place < token.length; place += 1) {
      const changed = token.slice(0, place) + (token[place] === 'x' ? 'y' : 'x') + token.slice(place + 1);
      const seen = accessTokens.check(changed);
      // The last character of base64url carries bits that mean nothing.
      assert.ok(seen.kind === 'refused' || place === token.length - 1, `place ${place}`);
    }
    clock.nowMs = expiresAtMs + 1;
    assert.deepEqual(accessTokens.check(token), { kind: 'refused', because: 'expired' });
    clock.nowMs = START + 3 * WEEK_MS;
    assert.deepEqual(accessTokens.check(token), { kind: 'refused', because: 'expired' });
  });

  it('is no passport, and a passport no token', () => {
    const { passports, accessTokens, headersFor } = clocked();
    const { token } = accessTokens.mint(MEMBER, 600_000);
    refuses(() => passports.readerFor('playback')(callOf({ 'x-request-id': 'r', [PASSPORT_HEADER]: token })), /malformed/);
    assert.deepEqual(accessTokens.check(headersFor(MEMBER)[PASSPORT_HEADER] ?? ''), { kind: 'refused', because: 'malformed' });
  });

  it('cannot be made by those who hold passport keys, and lives an hour at most', () => {
    const { accessTokens } = clocked();
    const { passportOffice } = passportsFrom({ secret: '07'.repeat(32), nowMs: () => START });
    assert.notEqual(passportOffice, undefined);
    assert.equal(accessTokens.mint(MEMBER, 10 * 3_600_000).expiresAtMs, START + 3_600_000);
    assert.deepEqual(accessTokens.check(accessTokens.mint({ ...MEMBER, accountId: '' }, 1_000).token), {
      kind: 'refused',
      because: 'malformed',
    });
  });
});
