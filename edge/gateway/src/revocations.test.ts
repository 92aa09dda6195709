import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRevocations } from './revocations.ts';

const token = { accountId: 'a', sessionId: 's', epoch: 3 };

describe('revocations at the gateway', () => {
  it('end the tokens of lower epochs, whatever order the news come in', () => {
    const revocations = createRevocations(() => 0);
    revocations.raiseEpoch({ accountId: 'a', epoch: 4, atMs: 0 });
    revocations.raiseEpoch({ accountId: 'a', epoch: 2, atMs: 0 });
    assert.equal(revocations.isRevoked(token), true);
    assert.equal(revocations.isRevoked({ ...token, epoch: 4 }), false);
    assert.equal(revocations.isRevoked({ ...token, accountId: 'b' }), false);
  });

  it('end one session and no other', () => {
    const revocations = createRevocations(() => 0);
    revocations.endSession({ sessionId: 's', atMs: 0 });
    assert.equal(revocations.isRevoked(token), true);
    assert.equal(revocations.isRevoked({ ...token, sessionId: 't' }), false);
  });

  it('are forgotten when no token can be as old', () => {
    let nowMs = 0;
    const revocations = createRevocations(() => nowMs);
    for (let each = 0; each < 100; each += 1) revocations.endSession({ sessionId: `s${each}`, atMs: nowMs });
    nowMs = 4_000_000;
    for (let each = 0; each < 100; each += 1) revocations.endSession({ sessionId: `t${each}`, atMs: nowMs });
    assert.equal(revocations.size(), 100);
    assert.equal(revocations.isRevoked({ ...token, sessionId: 't5' }), true);
  });
});
