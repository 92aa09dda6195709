import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallError } from '../api/call-error.ts';
import { createSessionDoor } from './session-door.ts';

const door = (answer: () => Promise<Response>) => createSessionDoor(answer);
const saying = (body: unknown, status = 200) => door(async () => Response.json(body, { status }));

describe('the session door', () => {
  it('is asked as the app, at its own address', async () => {
    const sent: [string, RequestInit][] = [];
    const ask = createSessionDoor(async (url, init) => {
      sent.push([url, init]);
      return Response.json({ signedOut: true });
    });
    assert.deepEqual(await ask('sign-out', { a: 1 }), { kind: 'signed_out' });
    const [[url, init] = ['', {}]] = sent;
    assert.equal(url, '/session/sign-out');
    assert.partialDeepStrictEqual(init, { method: 'POST', body: '{"a":1}', headers: { 'x-bioscope-app': '1' } });
  });

  it('grants, refuses, sends mails', async () => {
    const grant = { accessToken: 't', expiresAtMs: 1, sessionId: 's', deviceId: 'd', profileId: '', account: { id: 'a' } };
    assert.deepEqual(await saying(grant)('sign-in', {}), { ...grant, kind: 'signed_in' });
    const refused = { refused: 'wrong_credentials', message: 'no', field: 'email' };
    assert.deepEqual(await saying(refused, 403)('sign-in', {}), {
      kind: 'refused',
      because: 'wrong_credentials',
      field: 'email',
      retryAfterMs: 0,
    });
    assert.deepEqual(await saying({ mailSent: true })('sign-up', {}), { kind: 'mail_sent' });
    assert.deepEqual(await saying({ emailChanged: 'a@b.de' })('verify', {}), { kind: 'email_changed', email: 'a@b.de' });
    assert.deepEqual(await saying({ options: { x: 1 } })('passkey/sign-in-options', {}), { kind: 'options', options: { x: 1 } });
  });

  it('that cannot be reached, or is away behind the gateway, is a failure and no refusal', async () => {
    const failing = async (ask: ReturnType<typeof door>, failure: string) =>
      assert.rejects(ask('refresh', {}), (error: unknown) => error instanceof CallError && error.failure === failure);
    await failing(
      door(async () => {
        throw new TypeError('Failed to fetch');
      }),
      'offline',
    );
    await failing(saying({ code: 'unavailable', message: 'identity is away' }, 503), 'busy');
    await failing(saying('nonsense'), 'broken');
    await failing(
      door(async () => new Response('<html>')),
      'broken',
    );
  });
});
