import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallError } from '../api/call-error.ts';
import type { SessionAnswer, SessionEndpoint } from './session-door.ts';
import { createMemberSession } from './session.ts';

const PROFILE = { id: 'p1', name: 'Ada', picture: 'fox', language: 'en', maturityMax: 18, isKids: false, hasPin: false, isOwner: true };
const ACCOUNT = {
  id: 'a1',
  email: 'ada@example.org',
  country: 'DE',
  language: 'en',
  isOperator: false,
  hasAccountPin: false,
  createdAtMs: 0,
  profiles: [PROFILE],
};
const grant = (token: string, expiresAtMs: number, profileId = ''): SessionAnswer => ({
  kind: 'signed_in',
  accessToken: token,
  expiresAtMs,
  deviceId: 'd1',
  profileId,
  account: ACCOUNT,
});
const SIGNED_OUT: SessionAnswer = { kind: 'refused', because: 'signed_out', field: '', retryAfterMs: 0 };
const MINUTES = 60_000;

/** A browser with a clock, whose door gives `answers` one after the other; the last one repeats. */
function browser({ mark, answers }: { mark?: string; answers: (SessionAnswer | CallError)[] }) {
  const state = { nowMs: 1_000_000, mark: mark ?? null };
  const asked: SessionEndpoint[] = [];
  const session = createMemberSession({
    askDoor: async (endpoint) => {
      asked.push(endpoint);
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      assert.ok(answer !== undefined);
      if (answer instanceof CallError) throw answer;
      return answer;
    },
    nowMs: () => state.nowMs,
    exclusively: (run) => run(),
    mark: { read: () => state.mark, write: (next) => void (state.mark = next) },
    device: { id: 'device-1', name: 'Firefox', kind: 'browser' },
  });
  return { session, asked, state };
}

describe('the session of a browser', () => {
  it('is a visitor’s, without asking anybody, where nobody ever signed in', async () => {
    const { session, asked } = browser({ answers: [] });
    await session.open();
    assert.deepEqual([session.who(), session.token(), asked], [{ kind: 'visitor', expired: false }, '', []]);
  });

  it('goes on after a reload, in the profile that was chosen', async () => {
    const { session, asked } = browser({ mark: 'a1/p1', answers: [grant('t1', 1_000_000 + 10 * MINUTES, 'p1')] });
    await session.open();
    assert.deepEqual(session.who(), { kind: 'member', account: ACCOUNT, profile: PROFILE, deviceId: 'd1', proven: false });
    assert.deepEqual([session.token(), asked], ['t1', ['refresh']]);
  });

  it('renews its token before it ends, once for all who wait for it', async () => {
    const { session, asked, state } = browser({ answers: [grant('t1', 1_000_000 + 10 * MINUTES), grant('t2', 1_000_000 + 20 * MINUTES)] });
    await session.ask('sign-in');
    state.nowMs += 8 * MINUTES;
    assert.equal(session.token(), 't1');
    state.nowMs += 2 * MINUTES;
    assert.deepEqual(await Promise.all([session.token(), session.token(), session.renew('t1')]), ['t2', 't2', 't2']);
    assert.deepEqual(asked, ['sign-in', 'refresh']);
    assert.equal(await session.renew('t1'), 't2', 'somebody else has renewed it meanwhile');
  });

  it('uses a token for a while though the clock of the device is wrong', async () => {
    const { session, asked, state } = browser({ answers: [grant('t1', 0), grant('t2', Number.MAX_SAFE_INTEGER)] });
    await session.ask('sign-in');
    assert.equal(session.token(), 't1');
    state.nowMs += 2 * MINUTES;
    assert.equal(await session.token(), 't2');
    state.nowMs += 10 * MINUTES;
    await session.token();
    assert.deepEqual(asked, ['sign-in', 'refresh', 'refresh']);
  });

  it('ends when the service says so, and remembers that somebody was here until now', async () => {
    const { session, state } = browser({ answers: [grant('t1', 1_000_000 + 10 * MINUTES), SIGNED_OUT] });
    await session.ask('sign-in');
    assert.equal(state.mark, 'a1/');
    assert.equal(await session.renew('t1'), '');
    assert.deepEqual([session.who(), state.mark], [{ kind: 'visitor', expired: true }, null]);
  });

  it('outlives a service that does not answer', async () => {
    const away = new CallError('away', { failure: 'offline' });
    const { session, state } = browser({ mark: 'a1/p1', answers: [away, grant('t1', 1_000_000 + 10 * MINUTES, 'p1'), away] });
    await session.open();
    assert.equal(session.who().kind, 'unreachable');
    await session.open();
    assert.equal(session.who().kind, 'member');
    await assert.rejects(session.renew('t1'), away);
    assert.deepEqual([session.who().kind, state.mark], ['member', 'a1/p1']);
  });

  it('shows a changed address at once', async () => {
    const changed = { ...ACCOUNT, email: 'new@example.org' };
    const { session, asked } = browser({
      answers: [
        grant('t1', 1_000_000 + 10 * MINUTES),
        { kind: 'email_changed', email: changed.email },
        { ...grant('t2', 0), account: changed } as SessionAnswer,
      ],
    });
    await session.ask('sign-in');
    await session.ask('verify');
    await session.renew('t1');
    const who = session.who();
    assert.equal(who.kind === 'member' && who.account.email, 'new@example.org');
    assert.deepEqual(asked, ['sign-in', 'verify', 'refresh']);
  });

  it('follows what other tabs of the browser do', async () => {
    const { session, asked } = browser({ answers: [grant('t1', 1_000_000 + 10 * MINUTES), grant('t2', 1_000_000 + 10 * MINUTES, 'p1')] });
    await session.ask('sign-in');
    session.changedElsewhere('a1/');
    assert.deepEqual(asked, ['sign-in']);
    session.changedElsewhere('a1/p1');
    assert.equal(await session.renew('t1'), 't2');
    assert.deepEqual(session.who(), { kind: 'member', account: ACCOUNT, profile: PROFILE, deviceId: 'd1', proven: false });
    session.changedElsewhere(null);
    assert.deepEqual(session.who(), { kind: 'visitor', expired: false });
  });
});
