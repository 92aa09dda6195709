import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { liveSessions } from './live-sessions.ts';

const AT_MS = 1_800_000_000_000;

describe('sessions that are open now', () => {
  it('are counted once, until they end or were not heard of for two minutes', () => {
    const sessions = liveSessions();
    sessions.seen('one', AT_MS);
    sessions.seen('two', AT_MS);
    sessions.seen('three', AT_MS);
    sessions.seen('one', AT_MS + 60_000);
    assert.equal(sessions.count(AT_MS + 60_000), 3);
    sessions.ended('three');
    assert.equal(sessions.count(AT_MS + 60_000), 2);
    assert.equal(sessions.count(AT_MS + 119_999), 2);
    assert.equal(sessions.count(AT_MS + 120_000), 1, 'two was last heard of two minutes ago');
    assert.equal(sessions.count(AT_MS + 180_000), 0);
  });

  it('keep no more in memory than said', () => {
    const sessions = liveSessions({ sessionsMax: 3 });
    for (let made = 0; made < 10; made += 1) sessions.seen(`session-${made}`, AT_MS + made);
    assert.equal(sessions.count(AT_MS + 10), 3);
    sessions.ended('session-9');
    sessions.ended('session-0');
    assert.equal(sessions.count(AT_MS + 10), 2, 'the newest were kept');
  });
});
