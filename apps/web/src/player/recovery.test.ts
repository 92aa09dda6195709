import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideRecovery, type StreamTrouble } from './recovery.ts';

const trouble = (more: Partial<StreamTrouble>): StreamTrouble => ({
  httpStatus: 0,
  refused: false,
  failingForMs: 0,
  bufferedAheadMs: 0,
  ...more,
});

describe('when no appliance delivers', () => {
  it('goes on trying', () => {
    assert.equal(decideRecovery(trouble({})).kind, 'retry');
    assert.equal(decideRecovery(trouble({ httpStatus: 503, failingForMs: 59_000 })).kind, 'retry');
  });
  it('fetches a new token when the old one is not taken any more', () => {
    for (const httpStatus of [403, 410]) assert.deepEqual(decideRecovery(trouble({ httpStatus })), { kind: 'renew_token' });
  });
  it('stops when the service ended the session: the token is not taken, or the film is gone', () => {
    for (const httpStatus of [403, 404, 410])
      assert.deepEqual(decideRecovery(trouble({ httpStatus, refused: true })), { kind: 'give_up', because: 'refused' });
  });
  it('tells the viewer after a minute', () => {
    assert.deepEqual(decideRecovery(trouble({ failingForMs: 60_000 })), { kind: 'give_up', because: 'unreachable' });
    assert.deepEqual(decideRecovery(trouble({ httpStatus: 403, failingForMs: 60_000 })), { kind: 'give_up', because: 'unreachable' });
  });
  it('says nothing while there is something left to play', () => {
    assert.equal(decideRecovery(trouble({ failingForMs: 90_000, bufferedAheadMs: 5_000 })).kind, 'retry');
    assert.equal(decideRecovery(trouble({ httpStatus: 410, refused: true, bufferedAheadMs: 5_000 })).kind, 'renew_token');
  });
});
