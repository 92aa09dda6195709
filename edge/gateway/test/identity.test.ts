import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { CatalogService } from '@bioscope/catalog/contract';
import { IdentityService, REVOCATIONS_TOPIC } from '@bioscope/identity/contract';
import type { RevocationEvent, RevocationSchema } from '@bioscope/identity/contract';
import { ANONYMOUS, askedBy } from '@bioscope/passport';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { RpcError } from '@bioscope/rpc';
import type { Handlers } from '@bioscope/rpc';
import { ask, OPERATOR_TOKEN, PASSPORTS, startBackend, startGateway, until } from './start-gateway.ts';
import type { RunningGateway } from './start-gateway.ts';

const MEMBER = {
  ...ANONYMOUS,
  accountId: 'a1',
  profileId: 'p1',
  deviceId: 'd1',
  sessionId: 's1',
  country: 'FR',
  assurance: 'session',
  epoch: 2,
} as const;

/** A gateway with a catalogue that keeps who asked, and a studio that keeps what it was told of credentials. */
async function started(
  test: TestContext,
  environment: Record<string, string> = {},
  revoked: MessageInitShape<typeof RevocationSchema>[] = [],
) {
  const asks = PASSPORTS.passports.readerFor('catalog');
  const shown: Passport[] = [];
  const backend = await startBackend(test, {});
  const refuse = (): never => {
    throw new RpcError('unimplemented', 'not in this test');
  };
  backend.host.as('catalog').serve(
    CatalogService,
    {
      ...(Object.fromEntries(CatalogService.methods.map(({ localName }) => [localName, refuse])) as unknown as Handlers<
        typeof CatalogService
      >),
      listTitles(_request, call) {
        shown.push(asks(call));
        return { titles: [] };
      },
    },
    { '*': ['gateway'] },
  );
  backend.host.as('identity').serve(
    IdentityService,
    {
      ...(Object.fromEntries(IdentityService.methods.map(({ localName }) => [localName, refuse])) as unknown as Handlers<
        typeof IdentityService
      >),
      // One to a page.
      listRevocations({ cursor }) {
        const place = Number(cursor);
        return { revocations: revoked.slice(place, place + 1), cursor: place + 1 < revoked.length ? String(place + 1) : '' };
      },
    },
    { '*': ['gateway'] },
  );
  const operated: (string | undefined)[] = [];
  const operators: Passport[] = [];
  const studioAsks = PASSPORTS.passports.readerFor('studio');
  backend.host.as('studio').mount(
    '/uploads',
    (request, response, context) => {
      operators.push(studioAsks(askedBy(request, context)));
      operated.push(request.headers.authorization, request.headers.cookie);
      response.end('{}');
    },
    ['gateway'],
  );
  const addresses = ['catalog', 'studio', 'identity'].map((service) => ({ service, address: backend.address }));
  return { running: await startGateway(test, addresses, environment), shown, operated, operators };
}

function list(running: RunningGateway, headers: Record<string, string>) {
  const path = '/bioscope.catalog.v1.CatalogService/ListTitles';
  return ask(running, 'api', path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });
}

describe('who asks, at the gateway', () => {
  it('is told to the unit by a passport of the gateway’s own, whatever comes from outside', async (test) => {
    const { running, shown } = await started(test, { BIOSCOPE_COUNTRY: 'CH' });
    const { token } = PASSPORTS.accessTokens.mint(MEMBER, 600_000);
    const stolen = PASSPORTS.headersFor({ ...MEMBER, accountId: 'another' });
    await list(running, stolen);
    await list(running, { ...stolen, authorization: `Bearer ${token}` });
    const [anonymous, member] = shown;
    assert.deepEqual(
      [anonymous?.accountId, anonymous?.country, anonymous?.countryFrom, anonymous?.assurance],
      ['', 'CH', 'setting', 'none'],
    );
    // The account's own country goes before the operator's setting, and after what an address tells.
    const { requestId, issuedAtMs, expiresAtMs, ...rest } = member ?? ANONYMOUS;
    assert.deepEqual(
      { ...MEMBER, ...rest },
      { ...MEMBER, countryFrom: 'claimed', requestId: MEMBER.requestId, issuedAtMs: 0, expiresAtMs: 0 },
    );
    assert.ok(requestId !== '' && requestId !== stolen['x-request-id'] && expiresAtMs > issuedAtMs);
  });

  it('refuses a token that is expired, forged, of another service or cut, and says so in the standard way', async (test) => {
    const { running } = await started(test);
    const expired = testPassports({ nowMs: () => Date.now() - 7_200_000 }).accessTokens.mint(MEMBER, 600_000).token;
    const foreign = testPassports({ secret: '08'.repeat(32) }).accessTokens.mint(MEMBER, 600_000).token;
    const good = PASSPORTS.accessTokens.mint(MEMBER, 600_000).token;
    for (const token of [expired, foreign, good.slice(0, -9), 'bat1.w1.x.y']) {
      const answer = await list(running, { authorization: `Bearer ${token}` });
      assert.equal(answer.status, 401, token);
      assert.equal(answer.headers['www-authenticate'], 'Bearer error="invalid_token"');
    }
    assert.equal((await list(running, { authorization: `Bearer ${good}` })).status, 200);
  });

  it('refuses tokens that were revoked while it runs and while it was away', async (test) => {
    const { running } = await started(test, {}, [
      { accountId: 'away', what: { case: 'epoch', value: 3 }, atMs: Date.now() },
      { accountId: 'a2', what: { case: 'sessionId', value: 's2' }, atMs: Date.now() },
    ]);
    const statusOf = async (claims: Partial<typeof MEMBER>) =>
      (await list(running, { authorization: `Bearer ${PASSPORTS.accessTokens.mint({ ...MEMBER, ...claims }, 600_000).token}` })).status;
    const of = (accountId: string, sessionId: string, epoch: number) =>
      ({ accountId, sessionId, epoch }) as unknown as Partial<typeof MEMBER>;
    await until('what was revoked before is known', async () => (await statusOf(of('away', 's1', 2))) === 401);
    await until('the ended session is known', async () => (await statusOf(of('a2', 's2', 2))) === 401);
    assert.equal(await statusOf(of('away', 's1', 3)), 200);
    assert.equal(await statusOf(of('a2', 's3', 2)), 200);
    const announce = (event: RevocationEvent) =>
      running.events.publish(REVOCATIONS_TOPIC, [{ key: event.accountId, type: event.type, value: Buffer.from(JSON.stringify(event)) }]);
    await announce({ type: 'session.ended', accountId: 'a1', sessionId: 's1', atMs: Date.now() });
    await until('the announced end of a session is known', async () => (await statusOf({})) === 401);
    assert.equal(await statusOf(of('a1', 'another', 2)), 200);
    await announce({ type: 'epoch.raised', accountId: 'a1', epoch: 3, atMs: Date.now() });
    await until('the announced epoch is known', async () => (await statusOf(of('a1', 'another', 2))) === 401);
    assert.equal(await statusOf(of('a1', 'another', 3)), 200);
  });

  it('lets an operator’s account do what the operator’s token does, and no member', async (test) => {
    const { running, operated, operators } = await started(test);
    const tokenOf = (isOperator: boolean) => PASSPORTS.accessTokens.mint({ ...MEMBER, isOperator }, 600_000).token;
    const statusWith = async (token: string) =>
      (await ask(running, 'api', '/uploads', { headers: { authorization: `Bearer ${token}`, cookie: 'session=secret' } })).status;
    assert.equal(await statusWith(tokenOf(true)), 200);
    assert.equal(await statusWith(OPERATOR_TOKEN), 200);
    assert.equal(await statusWith(tokenOf(false)), 401);
    assert.deepEqual(operated, [undefined, undefined, undefined, undefined]);
    assert.deepEqual(
      operators.map(({ accountId, isOperator, isKids }) => ({ accountId, isOperator, isKids })),
      ['a1', 'operator-token'].map((accountId) => ({ accountId, isOperator: true, isKids: false })),
    );
  });
});
