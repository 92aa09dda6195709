import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { firstRefreshToken, readRefreshToken, successor, writeRefreshToken, type RefreshToken } from './refresh-token.ts';
import { decideRefresh, isLive, newSession, RETRY_MS, rotated, SESSION_LIFE_MS, type Session } from './session.ts';

const random = (seed: string): Buffer => createHash('sha512').update(seed).digest().subarray(0, 48);
const TOKEN = firstRefreshToken('s1', random('first'));
const BEGUN = { accountId: 'a1', device: { id: 'device-1', name: '', kind: 'browser' }, epoch: 1, nowMs: 1_000 } as const;
const SESSION = newSession(TOKEN, BEGUN);
const at = (nowMs: number, epoch: number | null = 1) => ({ nowMs, epoch });

/** What the server does with a token; the answer is what the client may or may not get. */
function refresh(session: Session, token: RefreshToken, nowMs: number): { session: Session; answer: RefreshToken | null } {
  const decided = decideRefresh(session, token, at(nowMs));
  switch (decided.kind) {
    case 'rotate': {
      const next = rotated(session, token, { nonce: `nonce ${nowMs}`, nowMs });
      return { session: next, answer: { ...token, secret: successor(token.secret, next.nonce) } };
    }
    case 'repeat':
      return { session, answer: { ...token, secret: successor(token.secret, session.nonce) } };
    case 'reuse':
      return { session: { ...session, endedAtMs: nowMs }, answer: null };
    case 'refused':
      return { session, answer: null };
    default:
      return decided satisfies never;
  }
}

describe('a refresh token', () => {
  it('is read as it was written, and nothing else is read as one', () => {
    assert.deepEqual(readRefreshToken(writeRefreshToken(TOKEN)), TOKEN);
    for (const text of ['', 'a.b.c', `${writeRefreshToken(TOKEN)}x`, writeRefreshToken(TOKEN).slice(1).replace('.', '..')])
      assert.equal(readRefreshToken(text), null, text);
  });

  it('gives its successor again while the answer may have been lost, and the same one', () => {
    const first = refresh(SESSION, TOKEN, 2_000);
    const again = refresh(first.session, TOKEN, 2_000 + RETRY_MS);
    assert.deepEqual(again.answer, first.answer);
    assert.equal(again.session, first.session);
  });

  it('ends the session when it comes after that, and whatever comes then is refused', () => {
    const first = refresh(SESSION, TOKEN, 2_000);
    const late = refresh(first.session, TOKEN, 2_001 + RETRY_MS);
    assert.equal(late.session.endedAtMs, 2_001 + RETRY_MS);
    assert.equal(refresh(late.session, first.answer ?? assert.fail(), 2_002 + RETRY_MS).answer, null);
  });

  it('of long ago ends the session at once, also within seconds of a rotation', () => {
    const first = refresh(SESSION, TOKEN, 2_000);
    const second = refresh(first.session, first.answer ?? assert.fail(), 2_010);
    assert.equal(decideRefresh(second.session, TOKEN, at(2_020)).kind, 'reuse');
  });

  it('that was made up ends nothing', () => {
    const forged = { ...TOKEN, family: firstRefreshToken('s1', random('forged')).family };
    assert.equal(decideRefresh(SESSION, forged, at(2_000)).kind, 'refused');
  });

  it('is refused of a session that ended, ran out, or is of an earlier epoch', () => {
    assert.equal(decideRefresh({ ...SESSION, endedAtMs: 5 }, TOKEN, at(2_000)).kind, 'refused');
    assert.equal(decideRefresh(SESSION, TOKEN, at(1_000 + SESSION_LIFE_MS)).kind, 'refused');
    assert.equal(decideRefresh(SESSION, TOKEN, at(2_000, 2)).kind, 'refused');
    assert.equal(decideRefresh(SESSION, TOKEN, at(2_000, null)).kind, 'refused');
    assert.equal(decideRefresh(null, TOKEN, at(2_000)).kind, 'refused');
  });

  it('never locks out a client whose answers get lost, as long as it asks again within half a minute', () => {
    const step = fc.record({
      pauseMs: fc.integer({ min: 0, max: SESSION_LIFE_MS / 2 }),
      lost: fc.array(fc.integer({ min: 0, max: 9_000 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        let [session, held, nowMs] = [SESSION, TOKEN, 1_000];
        for (const { pauseMs, lost } of steps) {
          nowMs += pauseMs;
          ({ session } = refresh(session, held, nowMs));
          for (const retryMs of lost) {
            nowMs += retryMs;
            ({ session } = refresh(session, held, nowMs));
          }
          const arrived = refresh(session, held, nowMs);
          assert.ok(arrived.answer, 'the honest client was locked out');
          ({ session } = arrived);
          held = arrived.answer;
        }
        assert.ok(isLive(session, at(nowMs)));
      }),
      { numRuns: 300 },
    );
  });

  it('that was stolen ends the session as soon as both sides have used what they have', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 4, maxLength: 30 }), (turns) => {
        let [session, nowMs] = [SESSION, 1_000];
        const held = { owner: TOKEN, thief: TOKEN };
        const uses = { owner: 0, thief: 0 };
        for (const isThief of turns) {
          nowMs += RETRY_MS + 1;
          const who = isThief ? 'thief' : 'owner';
          const used = refresh(session, held[who], nowMs);
          ({ session } = used);
          held[who] = used.answer ?? held[who];
          uses[who] += 1;
        }
        assert.equal(isLive(session, at(nowMs)), uses.owner === 0 || uses.thief === 0);
      }),
      { numRuns: 300 },
    );
  });
});
