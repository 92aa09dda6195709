import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decideRestart } from './restart-policy.ts';

describe('the restart decision', () => {
  const policy = { attemptsMax: 3, backoffMinMs: 100, backoffMaxMs: 250, stableAfterMs: 1_000 };

  it('never restarts without a policy', () => {
    assert.deepEqual(decideRestart(undefined, 0, 5), { kind: 'give_up', attempts: 0 });
  });

  it('doubles the pause up to its maximum, then gives up', () => {
    assert.deepEqual(decideRestart(policy, 0, 5), { kind: 'restart', attempt: 1, afterMs: 100 });
    assert.deepEqual(decideRestart(policy, 1, 5), { kind: 'restart', attempt: 2, afterMs: 200 });
    assert.deepEqual(decideRestart(policy, 2, 5), { kind: 'restart', attempt: 3, afterMs: 250 });
    assert.deepEqual(decideRestart(policy, 3, 5), { kind: 'give_up', attempts: 3 });
  });

  it('counts anew after a stable life', () => {
    assert.deepEqual(decideRestart(policy, 3, 1_000), { kind: 'restart', attempt: 1, afterMs: 100 });
  });
});
