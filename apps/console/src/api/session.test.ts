import { create, toBinary } from '@bufbuild/protobuf';
import { RefusedSchema } from '@bioscope/access/contract';
import { CatalogService } from '@bioscope/catalog/contract';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallError } from './call-error.ts';
import { createCall } from './call.ts';
import { deviceOf } from './device.ts';
import { hostsFrom } from './hosts.ts';
import { createSessionDoor, type DoorAnswer } from './session-door.ts';
import { createSession } from './session.ts';
import { texts } from '../texts.ts';

const entered = (token: string, expiresAtMs = 600_000): DoorAnswer => ({ kind: 'entered', entrance: { token, expiresAtMs } });
const refused: DoorAnswer = { kind: 'refused', code: 'signed_out', message: 'You are signed out.', field: '' };
const offline = new CallError('nobody', { failure: 'offline' });

/** A door that answers from a list. */
function sessionWith(...answers: (DoorAnswer | CallError)[]) {
  let nowMs = 0;
  let refreshes = 0;
  const session = createSession({
    door: {
      refresh: async () => {
        refreshes += 1;
        const answer = answers.shift() ?? refused;
        if (answer instanceof CallError) throw answer;
        return answer;
      },
      signOut: () => Promise.reject(offline),
    },
    nowMs: () => nowMs,
    alone: (work) => work(),
  });
  return { session, refreshes: () => refreshes, at: (ms: number) => void (nowMs = ms) };
}

describe('a session', () => {
  it('opens by the cookie, and its token serves until shortly before its end', async () => {
    const { session, refreshes, at } = sessionWith(entered('t1'), entered('t2', 1_200_000));
    assert.equal(session.state().kind, 'opening');
    await session.open();
    assert.equal(session.state().kind, 'signed_in');
    at(569_000);
    assert.equal(await session.token(), 't1');
    at(571_000);
    assert.equal(await session.token(), 't2');
    assert.equal(refreshes(), 2);
  });

  it('shows the cookie once, however many ask at the same time', async () => {
    const { session, refreshes } = sessionWith(entered('t1'), entered('t2'));
    assert.deepEqual(await Promise.all([session.token(), session.token(), session.token()]), ['t1', 't1', 't1']);
    assert.equal(refreshes(), 1);
  });

  it('is over when the door says so, and not known when the door does not answer', async () => {
    const { session } = sessionWith(offline, entered('t1'), refused);
    await session.open();
    assert.equal(session.state().kind, 'closed');
    await session.open();
    assert.equal(session.state().kind, 'signed_in');
    await assert.rejects(session.renew(), { failure: 'forbidden' });
    assert.equal(session.state().kind, 'signed_out');
  });

  it('goes on with the token it has while the door is away', async () => {
    const { session, at } = sessionWith(entered('t1'), offline, entered('t2', 1_200_000));
    await session.open();
    at(600_000);
    await assert.rejects(session.token(), { failure: 'offline' });
    assert.equal(session.state().kind, 'signed_in');
    assert.equal(await session.token(), 't2');
  });

  it('is forgotten on signing out, also when nobody hears of it', async () => {
    const { session } = sessionWith(entered('t1'));
    await session.open();
    await session.signOut();
    assert.equal(session.state().kind, 'signed_out');
    await assert.rejects(session.token(), { failure: 'forbidden' });
  });
});

describe('the session door', () => {
  function doorWith(...answers: Response[]) {
    const asked: { url: string; init: RequestInit }[] = [];
    const device = { id: 'device-1', name: 'Console', kind: 'browser' } as const;
    const door = createSessionDoor({
      origin: 'http://console.localhost',
      device,
      fetch: async (url, init) => {
        asked.push({ url, init });
        const answer = answers.shift();
        if (answer === undefined) throw new TypeError('Failed to fetch');
        return answer;
      },
    });
    return { door, asked };
  }
  const account = (isOperator: boolean) => Response.json({ accessToken: 't1', expiresAtMs: 5, account: { isOperator } });

  it('lets operators in, and says on which device', async () => {
    const { door, asked } = doorWith(account(true));
    assert.deepEqual(await door.signIn({ email: 'a@b.c', password: 'secret' }), entered('t1', 5));
    assert.equal(asked[0]?.url, 'http://console.localhost/session/sign-in');
    assert.equal(new Headers(asked[0]?.init.headers).get('x-bioscope-app'), 'console');
    const { body } = asked[0]?.init ?? {};
    assert.ok(typeof body === 'string');
    assert.match(body, /"device":\{"id":"device-1"/);
  });

  it('signs members out again', async () => {
    const { door, asked } = doorWith(account(false), Response.json({ signedOut: true }));
    const answer = await door.signIn({ email: 'a@b.c', password: 'secret' });
    assert.equal(answer.kind === 'refused' && answer.code, 'no_operator');
    assert.equal(asked[1]?.url, 'http://console.localhost/session/sign-out');
  });

  it('tells refusals from not being there', async () => {
    const { door } = doorWith(
      Response.json({ refused: 'wrong_credentials', message: 'No.', field: 'email' }, { status: 403 }),
      Response.json({ refused: 'busy', message: 'Wait.' }, { status: 503 }),
      Response.json({ code: 'not_found', message: 'nothing' }, { status: 404 }),
      Response.json({}),
    );
    const ask = () => door.refresh();
    assert.deepEqual(await ask(), { kind: 'refused', code: 'wrong_credentials', message: 'No.', field: 'email' });
    await assert.rejects(ask(), { failure: 'busy' });
    await assert.rejects(ask(), { failure: 'missing' });
    await assert.rejects(ask(), { failure: 'broken' });
    await assert.rejects(ask(), { failure: 'offline' });
  });
});

describe('a call in the operator’s name', () => {
  function callWith(...answers: (() => Response)[]) {
    const tokens: string[] = [];
    let token = 't1';
    const call = createCall({
      api: 'http://api.localhost',
      session: {
        token: async () => token,
        renew: async () => {
          token = 't2';
        },
      },
      fetch: async (_, init) => {
        tokens.push(new Headers(init.headers).get('authorization') ?? '');
        const answer = answers.shift();
        if (answer === undefined) throw new TypeError('Failed to fetch');
        return answer();
      },
      sleep: async () => undefined,
    });
    return { call, tokens };
  }
  const fault = (status: number, code: string) => () => Response.json({ code, message: `because ${code}` }, { status });

  it('carries the token, and a new one after a refusal, once', async () => {
    const { call, tokens } = callWith(fault(401, 'unauthenticated'), () => Response.json({ titles: [{ id: 'a' }] }));
    assert.equal((await call(CatalogService.method.listTitles, {})).titles[0]?.id, 'a');
    assert.deepEqual(tokens, ['Bearer t1', 'Bearer t2']);
    const ended = callWith(fault(401, 'unauthenticated'), fault(403, 'permission_denied'));
    await assert.rejects(ended.call(CatalogService.method.listTitles, {}), { failure: 'forbidden' });
  });

  it('says what access refused in the console’s words, and else in the service’s', async () => {
    const refusal = (because: string) => {
      const value = Buffer.from(toBinary(RefusedSchema, create(RefusedSchema, { because })))
        .toString('base64')
        .replaceAll('=', '');
      const body = { code: 'permission_denied', message: `access refuses: ${because}`, details: [{ type: RefusedSchema.typeName, value }] };
      return () => Response.json(body, { status: 403 });
    };
    const messageOf = async (answer: () => Response): Promise<unknown> => {
      const fault: unknown = await callWith(answer, answer)
        .call(CatalogService.method.listTitles, {})
        .catch((error: unknown) => error);
      return fault instanceof CallError && [fault.failure, fault.message];
    };
    assert.deepEqual(await messageOf(refusal('operators_only')), ['forbidden', 'This is for operators of the service.']);
    assert.deepEqual(await messageOf(refusal('kids_profile')), ['forbidden', texts.accessRefusals.kids_profile]);
    assert.deepEqual(await messageOf(refusal('of_a_newer_release')), ['forbidden', 'access refuses: of_a_newer_release']);
    for (const details of ['none', [null], [{ type: RefusedSchema.typeName, value: '!' }], [{ type: 'another', value: '' }]]) {
      const broken = () => Response.json({ code: 'permission_denied', message: 'no', details }, { status: 403 });
      assert.deepEqual(await messageOf(broken), ['forbidden', 'no']);
    }
  });

  it('is sent again while nobody answers, and not when it is refused', async () => {
    const { call, tokens } = callWith(fault(503, 'unavailable'), fault(504, 'deadline_exceeded'), () => Response.json({}));
    await call(CatalogService.method.listTitles, {});
    assert.equal(tokens.length, 3);
    const wrong = callWith(fault(400, 'invalid_argument'));
    await assert.rejects(wrong.call(CatalogService.method.listTitles, {}), { failure: 'refused', message: 'because invalid_argument' });
    assert.equal(wrong.tokens.length, 1);
    await assert.rejects(callWith().call(CatalogService.method.listTitles, {}), { failure: 'offline' });
  });
});

it('the console’s neighbours are on its own host', () => {
  assert.deepEqual(hostsFrom({ protocol: 'http:', host: 'console.localhost:8080' }), {
    console: 'http://console.localhost:8080',
    api: 'http://api.localhost:8080',
    app: 'http://app.localhost:8080',
  });
});

it('a browser stays the same device', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  assert.equal(deviceOf(storage, () => 'first-id').id, 'first-id');
  assert.equal(deviceOf(storage, () => 'second-id').id, 'first-id');
  const broken = {
    getItem: () => {
      throw new Error('switched off');
    },
    setItem: () => undefined,
  };
  assert.equal(deviceOf(broken, () => 'another-id').id, 'another-id');
});
