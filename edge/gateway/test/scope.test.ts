import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { ANONYMOUS } from '@bioscope/passport';
import { SCOPE_HEADER, scopeOf } from '@bioscope/rpc';
import { ask, PASSPORTS, startBackend, startGateway } from './start-gateway.ts';

/** What a unit is told of a request's scope. */
async function scopeBehind(test: TestContext, environment: Record<string, string>, headers: Record<string, string>): Promise<unknown> {
  const backend = await startBackend(test, { 'web/': (request, response) => void response.end(JSON.stringify(request.headers)) });
  const running = await startGateway(test, [{ service: 'web', address: backend.address }], environment);
  const { body } = await ask(running, 'app', '/', { headers });
  return (JSON.parse(body) as Record<string, unknown>)[SCOPE_HEADER];
}

describe('whom a request concerns', () => {
  const { token } = PASSPORTS.accessTokens.mint({ ...ANONYMOUS, accountId: 'a1', sessionId: 's1', assurance: 'session' }, 600_000);
  const member = { authorization: `Bearer ${token}` };

  it('is told to units by the account, where faults may be ordered', async (test) => {
    assert.equal(await scopeBehind(test, { BIOSCOPE_CHAOS: '1' }, member), scopeOf('a1'));
  });

  it('is never taken from outside', async (test) => {
    const forged = { [SCOPE_HEADER]: scopeOf('somebody else') };
    assert.equal(await scopeBehind(test, { BIOSCOPE_CHAOS: '1' }, { ...member, ...forged }), scopeOf('a1'));
    assert.equal(await scopeBehind(test, { BIOSCOPE_CHAOS: '1' }, forged), undefined);
  });

  it('is told to nobody where no faults may be ordered', async (test) => {
    assert.equal(await scopeBehind(test, {}, { ...member, [SCOPE_HEADER]: scopeOf('a1') }), undefined);
  });
});
