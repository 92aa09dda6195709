import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { HttpHandler } from '@bioscope/rpc';
import { ask, sendRaw, startBackend, startGateway } from './start-gateway.ts';
import type { RunningGateway } from './start-gateway.ts';

const mirror: HttpHandler = (request, response) => {
  response.writeHead(200, [
    'content-type',
    'application/json',
    'x-powered-by',
    'something',
    'bioscope-inside',
    'secret',
    'x-forwarded-for',
    '10.0.0.1',
    'connection',
    'keep-alive, x-hop',
    'x-hop',
    'only for the next',
    'access-control-allow-origin',
    '*',
    'content-security-policy',
    'default-src *',
    'etag',
    '"one"',
  ]);
  response.end(JSON.stringify(request.headers));
};

async function start(test: TestContext, environment: Record<string, string> = {}): Promise<RunningGateway> {
  const backend = await startBackend(test, { 'web/': mirror, 'catalog/artwork': mirror, 'playback/sessions': mirror });
  return startGateway(
    test,
    ['web', 'catalog', 'playback'].map((service) => ({ service, address: backend.address })),
    environment,
  );
}

describe('headers through the gateway', () => {
  it('carry nothing from outside that only a gateway may say', async (test) => {
    const running = await start(test);
    const { body } = await ask(running, 'app', '/', {
      headers: {
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        'x-forwarded-prefix': '/evil',
        forwarded: 'for=6.6.6.6',
        'x-real-ip': '6.6.6.6',
        'bioscope-caller': 'studio.web.9999999999.x',
        'bioscope-passport': 'forged',
        'x-request-id': 'chosen-outside',
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        authorization: 'Bearer x',
        cookie: 'session=1',
        x_forwarded_for: '6.6.6.6',
        connection: 'close, x-drop-me',
        'x-drop-me': 'now',
        te: 'trailers',
        'accept-language': 'de',
      },
    });
    const seen = JSON.parse(body) as Record<string, string>;
    assert.deepEqual(Object.keys(seen).sort(), [
      'accept-language',
      'bioscope-caller',
      'connection',
      'host',
      'traceparent',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-request-id',
    ]);
    assert.equal(seen['x-forwarded-for'], '127.0.0.1');
    assert.equal(seen['x-forwarded-host'], `app.localhost:${running.port}`);
    assert.equal(seen['x-forwarded-proto'], 'http');
    assert.match(seen['bioscope-caller'] ?? '', /^gateway\.web\./);
    assert.notEqual(seen['x-request-id'], 'chosen-outside');
    assert.doesNotMatch(seen['traceparent'] ?? '', /0af7651916cd43dd8448eb211c80319c/);
  });

  it('tell the client nothing of what units say among themselves', async (test) => {
    const { headers } = await ask(await start(test), 'api', '/artwork/one');
    for (const name of ['x-powered-by', 'bioscope-inside', 'x-forwarded-for', 'x-hop', 'server', 'access-control-allow-origin'])
      assert.equal(headers[name], undefined, name);
    assert.equal(headers.etag, '"one"');
    assert.match(String(headers['x-request-id']), /^[0-9a-f-]{36}$/);
  });

  it('keep the app to its own scripts, its two hosts and the delivery network', async (test) => {
    const running = await start(test);
    const { headers } = await ask(running, 'app', '/');
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /script-src 'self';/);
    assert.match(
      policy,
      new RegExp(
        `connect-src 'self' http://api\\.localhost:${running.port} http://play\\.localhost:${running.port} http://127\\.0\\.0\\.2:8081 `,
      ),
    );
    assert.match(policy, /media-src 'self' blob: http:\/\/127\.0\.0\.2:8081 /);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /default-src \*/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
    const named = await ask(await start(test, { BIOSCOPE_CDN_ORIGINS: 'https://cdn.example.org' }), 'app', '/');
    assert.match(String(named.headers['content-security-policy']), /media-src 'self' blob: https:\/\/cdn\.example\.org;/);
  });
});

describe('calls from browsers', () => {
  it('are open to the app of the same service, preflight included', async (test) => {
    const running = await start(test);
    const origin = `http://app.localhost:${running.port}`;
    const preflight = await ask(running, 'play', '/bioscope.playback.v1.PlaybackService/StartSession', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,connect-protocol-version',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], origin);
    assert.match(String(preflight.headers['access-control-allow-headers']), /content-type, connect-protocol-version/);
    assert.equal(preflight.headers['access-control-max-age'], '7200');
    const answer = await ask(running, 'play', '/sessions/one', { headers: { origin } });
    assert.deepEqual([answer.headers['access-control-allow-origin'], answer.headers.vary], [origin, 'origin']);
  });

  it('are closed to every other origin', async (test) => {
    const running = await start(test);
    for (const origin of [
      'https://evil.example',
      `http://app.localhost:${running.port}.evil.example`,
      `http://xapp.localhost:${running.port}`,
      'http://app.localhost:1',
      'null',
    ]) {
      const preflight = await ask(running, 'api', '/artwork/one', {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'GET' },
      });
      assert.deepEqual([preflight.status, preflight.headers['access-control-allow-origin']], [403, undefined], origin);
      const answer = await ask(running, 'api', '/artwork/one', { headers: { origin } });
      assert.deepEqual([answer.headers['access-control-allow-origin'], answer.headers.vary], [undefined, 'origin'], origin);
    }
  });
});

describe('the path', () => {
  it('is sent on as it was routed', async (test) => {
    const running = await start(test);
    const { received } = await sendRaw(running, 'GET /artwork/%2e%2e/artwork/./x HTTP/1.1\r\nHost: api.localhost\r\n\r\n');
    assert.match(received, /^HTTP\/1\.1 200 /);
    for (const path of ['/artwork/../http/x', '/artwork/%2e%2e/%2e%2e/x', '/artwork%2fx', '/artwork/..%5cx']) {
      const refused = await sendRaw(running, `GET ${path} HTTP/1.1\r\nHost: api.localhost\r\n\r\n`);
      assert.match(refused.received, /^HTTP\/1\.1 40[04] /, path);
    }
  });
});
