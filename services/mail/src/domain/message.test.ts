import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { afterAttempt, type Attempt, type Message } from './message.ts';

const MESSAGE: Message = {
  id: 'm',
  to: 'a@example.org',
  template: 'reset_password',
  language: 'en',
  values: { link: 'https://x.example/s3cret', minutes: '30' },
  state: 'waiting',
  attempts: 0,
  failure: '',
  createdAtMs: 1,
  settledAtMs: 0,
};
const AT = { nowMs: 5, attemptsMax: 3 };
const UNREACHED: Attempt = { kind: 'unreached', failure: 'timed out' };

describe('a message after an attempt', () => {
  it('waits on when the server was not reached, until there were enough attempts', () => {
    const once = afterAttempt(MESSAGE, UNREACHED, AT);
    assert.partialDeepStrictEqual(once, { state: 'waiting', attempts: 1, failure: 'timed out', settledAtMs: 0, values: MESSAGE.values });
    const thrice = afterAttempt(afterAttempt(once, UNREACHED, AT), UNREACHED, AT);
    assert.partialDeepStrictEqual(thrice, { state: 'failed', attempts: 3, settledAtMs: 5 });
  });

  it('fails at once when it was refused', () => {
    assert.equal(afterAttempt(MESSAGE, { kind: 'refused', failure: 'no mailbox' }, AT).state, 'failed');
  });

  it('forgets the link with the sending, and keeps it where only the outbox shows it', () => {
    assert.doesNotMatch(JSON.stringify(afterAttempt(MESSAGE, { kind: 'sent' }, AT)), /s3cret/);
    assert.match(JSON.stringify(afterAttempt(MESSAGE, { kind: 'kept' }, AT)), /s3cret/);
  });

  it('settles once: nothing that comes later changes it', () => {
    const attempts = fc.constantFrom<Attempt>({ kind: 'sent' }, { kind: 'kept' }, { kind: 'refused', failure: 'no' }, UNREACHED);
    fc.assert(
      fc.property(fc.array(attempts, { minLength: 1, maxLength: 8 }), (list) => {
        let message = MESSAGE;
        let settled: Message | null = null;
        for (const attempt of list) {
          message = afterAttempt(message, attempt, AT);
          if (settled !== null) assert.equal(message, settled);
          if (message.state !== 'waiting') settled ??= message;
          assert.equal(message.settledAtMs > 0, message.state !== 'waiting');
          assert.ok(message.attempts <= AT.attemptsMax);
        }
      }),
      { numRuns: 200 },
    );
  });
});
