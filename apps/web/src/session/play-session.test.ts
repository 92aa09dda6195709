import { create, type DescMethodUnary, type MessageInitShape } from '@bufbuild/protobuf';
import { HeartbeatResponseSchema, SessionSchema, StartSessionResponseSchema } from '@bioscope/playback/contract';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call } from '../api/call.ts';
import { keepSession, startSession } from './play-session.ts';

const SESSION = create(SessionSchema, { sessionId: 's1', token: { token: 'first', expiresAtMs: 1_000 } });
const URL_OF_FILM = 'http://127.0.0.2:1/t/first/e/v.mp4';
const HERE = { positionMs: 1234.6, playing: true };

type Sent = { method: string; request: unknown };

/** A playback service that answers heartbeats from a list; an Error is a failed call. */
function service(...answers: (MessageInitShape<typeof HeartbeatResponseSchema> | Error)[]): { call: Call; sent: Sent[] } {
  const sent: Sent[] = [];
  const call = (async (method: DescMethodUnary, request: unknown) => {
    sent.push({ method: method.name, request });
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no answer left');
    return create(HeartbeatResponseSchema, answer);
  }) as Call;
  return { call, sent };
}

const token = (name: string, expiresAtMs: number): MessageInitShape<typeof HeartbeatResponseSchema> => ({
  outcome: { case: 'token', value: { token: name, expiresAtMs } },
});
const refused: MessageInitShape<typeof HeartbeatResponseSchema> = {
  outcome: { case: 'refused', value: { because: 'session_ended', message: 'This film was removed.' } },
};

describe('a play session', () => {
  it('tells the position in whole milliseconds and swaps in the token that comes back', async () => {
    const { call, sent } = service(token('second', 2_000));
    const play = keepSession(call, SESSION);
    await play.beat(HERE);
    assert.deepEqual(sent, [{ method: 'Heartbeat', request: { sessionId: 's1', positionMs: 1235, playing: true } }]);
    assert.equal(play.fresh(URL_OF_FILM), 'http://127.0.0.2:1/t/second/e/v.mp4');
    assert.equal(play.tokenExpiresAtMs(), 2_000);
  });

  it('keeps what it has when a heartbeat fails', async () => {
    const { call } = service(new Error('offline'));
    const play = keepSession(call, SESSION);
    await play.beat(HERE);
    assert.equal(play.fresh(URL_OF_FILM), URL_OF_FILM);
    assert.equal(play.refusal(), undefined);
  });

  it('does not fall back to a shorter-lived token that arrives late', async () => {
    const { call } = service(token('newest', 3_000), token('late', 2_000));
    const play = keepSession(call, SESSION);
    await play.beat(HERE);
    await play.beat(HERE);
    assert.equal(play.fresh(URL_OF_FILM), 'http://127.0.0.2:1/t/newest/e/v.mp4');
  });

  it('remembers a refusal, and forgets it when the service grants again', async () => {
    const { call } = service(refused, token('second', 2_000));
    const play = keepSession(call, SESSION);
    await play.beat(HERE);
    assert.equal(play.refusal()?.message, 'This film was removed.');
    await play.beat(HERE);
    assert.equal(play.refusal(), undefined);
  });

  it('says where the viewer stopped when it ends, even if nobody hears it', () => {
    const { call, sent } = service(new Error('offline'));
    keepSession(call, SESSION).end(-3);
    assert.deepEqual(sent, [{ method: 'EndSession', request: { sessionId: 's1', positionMs: 0 } }]);
  });
});

describe('starting a session', () => {
  const answering = (reply: MessageInitShape<typeof StartSessionResponseSchema>): Call =>
    (async () => create(StartSessionResponseSchema, reply)) as unknown as Call;
  const start = (call: Call): ReturnType<typeof startSession> =>
    startSession(call, { titleId: 't', viewerId: 'v' }, new AbortController().signal);

  it('grants a session to play', async () => {
    const outcome = await start(answering({ outcome: { case: 'granted', value: SESSION } }));
    assert.equal(outcome.kind, 'granted');
  });
  it('hands a refusal on as a value', async () => {
    const outcome = await start(answering({ outcome: { case: 'refused', value: { because: 'not_ready', message: 'Soon.' } } }));
    assert.deepEqual(outcome.kind === 'refused' && outcome.refusal.because, 'not_ready');
  });
  it('rejects an answer that is neither', async () => {
    await assert.rejects(start(answering({})), /granted nothing/);
  });
});
