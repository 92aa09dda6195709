import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createExchange } from '../exchange.ts';
import type { Exchange, HostClass } from '../exchange.ts';
import { insistOnTls } from './insist-on-tls.ts';

function exchange(hostClass: HostClass, said: Partial<Parameters<typeof createExchange>[0]> = {}): Exchange {
  const received = {
    method: 'GET',
    target: '/a?b',
    httpVersion: '1.1',
    headers: [],
    clientAddress: '192.0.2.7',
    scheme: 'http',
    ...said,
  } as const;
  return Object.assign(createExchange(received), { hostClass, path: '/a', query: '?b' });
}

describe('the door without TLS', () => {
  const insist = insistOnTls({ suffix: 'service.org', securePort: () => 8_443 });
  const status = (verdict: ReturnType<typeof insist>): unknown => (typeof verdict === 'object' ? verdict.status : verdict);

  it('leads pages to the door with it', () => {
    const verdict = insist(exchange('app'));
    assert.deepEqual(typeof verdict === 'object' ? [verdict.status, verdict.headers[1]] : verdict, [
      308,
      'https://app.service.org:8443/a?b',
    ]);
    const usual = insistOnTls({ suffix: 'service.org', securePort: () => 443 })(exchange('console'));
    assert.equal(typeof usual === 'object' && usual.headers[1], 'https://console.service.org/a?b');
  });

  it('takes tokens and sign-ins from this machine only', () => {
    assert.equal(status(insist(exchange('api'))), 403);
    assert.equal(status(insist(exchange('app', { method: 'POST' }))), 403);
    for (const clientAddress of ['127.0.0.1', '127.101.0.9', '::1', '::ffff:127.0.0.1'])
      assert.equal(insist(exchange('api', { clientAddress })), undefined, clientAddress);
  });

  it('is the only one where no other is', () => {
    assert.equal(insistOnTls({ suffix: 'service.org', securePort: () => undefined })(exchange('api')), undefined);
    assert.equal(insist(exchange('api', { scheme: 'https' })), undefined);
  });
});
