import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { HttpHandler } from '@bioscope/rpc';
import { CatalogService } from '@bioscope/catalog/contract';
import { RpcError } from '@bioscope/rpc';
import { ask, OPERATOR_TOKEN, startBackend, startGateway, until } from './start-gateway.ts';
import type { RunningGateway } from './start-gateway.ts';

/** Answers what it was asked. */
const mirror: HttpHandler = (request, response, context) => {
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify({
      method: request.method,
      path: context.path,
      search: context.url.search,
      caller: context.caller,
      headers: request.headers,
    }),
  );
};

async function start(test: TestContext): Promise<RunningGateway> {
  const backend = await startBackend(test, {
    'web/': mirror,
    'catalog/artwork': mirror,
    'studio/uploads': mirror,
    'playback/sessions': mirror,
    'steering/steering': mirror,
  });
  const unused = (): never => {
    throw new RpcError('unimplemented', 'not in this test');
  };
  backend.host.as('catalog').serve(
    CatalogService,
    {
      listTitles: () => ({ titles: [{ id: 'one', name: 'One' }] }),
      getTitle: () => {
        throw new RpcError('not_found', 'no such title');
      },
      getTitles: unused,
      getEdition: unused,
      createTitle: unused,
      publishEdition: unused,
      reportPreparation: unused,
      setArtwork: unused,
      setAvailability: () => ({ title: { id: 'one' } }),
      removeTitle: () => ({}),
    },
    { '*': ['gateway'] },
  );
  const units = ['web', 'catalog', 'studio', 'playback', 'steering', 'control'];
  return startGateway(
    test,
    units.map((service) => ({ service, address: backend.address })),
  );
}

const json = { 'content-type': 'application/json' };

describe('the gateway’s routes', () => {
  it('brings the app, artwork, manifests and steering from their units’ mounts', async (test) => {
    const running = await start(test);
    for (const [host, path] of [
      ['app', '/title/one?x=1'],
      ['api', '/artwork/one/poster.jpg'],
      ['play', '/sessions/abc/manifest.mpd'],
      ['play', '/steering/v1/a/b?_HLS_pathway=x'],
    ] as const) {
      const answer = await ask(running, host, path);
      const seen = JSON.parse(answer.body) as { path: string; search: string; caller: string };
      assert.equal(answer.status, 200, path);
      assert.equal(seen.path + seen.search, path);
      assert.equal(seen.caller, 'gateway');
    }
  });

  it('brings public calls to the catalogue in JSON, errors included', async (test) => {
    const running = await start(test);
    const listed = await ask(running, 'api', '/bioscope.catalog.v1.CatalogService/ListTitles', {
      method: 'POST',
      headers: json,
      body: '{}',
    });
    assert.deepEqual(JSON.parse(listed.body), { titles: [{ id: 'one', name: 'One' }] });
    const missing = await ask(running, 'api', '/bioscope.catalog.v1.CatalogService/GetTitle', {
      method: 'POST',
      headers: json,
      body: '{"titleId":"x"}',
    });
    assert.deepEqual([missing.status, JSON.parse(missing.body)], [404, { code: 'not_found', message: 'no such title' }]);
  });

  it('knows nothing of calls that are not public, on any host', async (test) => {
    const running = await start(test);
    for (const host of ['api', 'play']) {
      for (const path of [
        '/bioscope.catalog.v1.CatalogService/CreateTitle',
        '/bioscope.discovery.v1.DiscoveryService/Watch',
        '/http/catalog/artwork',
      ]) {
        const answer = await ask(running, host, path, {
          method: 'POST',
          headers: { ...json, authorization: `Bearer ${OPERATOR_TOKEN}` },
          body: '{}',
        });
        assert.equal(answer.status, 404, `${host}${path}`);
      }
    }
  });

  it('opens operator routes to the operator’s token alone', async (test) => {
    const running = await start(test);
    const path = '/bioscope.catalog.v1.CatalogService/RemoveTitle';
    const post = (headers: Record<string, string>): ReturnType<typeof ask> =>
      ask(running, 'api', path, { method: 'POST', headers: { ...json, ...headers }, body: '{}' });
    assert.equal((await post({})).status, 401);
    assert.equal((await post({ authorization: 'Bearer wrong' })).status, 401);
    assert.equal((await post({ authorization: `Basic ${OPERATOR_TOKEN}` })).status, 401);
    assert.equal((await post({ authorization: `Bearer ${OPERATOR_TOKEN}x` })).status, 401);
    assert.equal((await post({ authorization: `Bearer ${OPERATOR_TOKEN}` })).status, 200);
    assert.equal((await ask(running, 'api', '/uploads/abc', { method: 'HEAD' })).status, 401);
    const upload = await ask(running, 'api', '/uploads', {
      method: 'POST',
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}` },
      body: 'x',
    });
    const seen = JSON.parse(upload.body) as { headers: Record<string, string> };
    assert.equal(seen.headers['authorization'], undefined, 'the token ends at the gateway');
  });

  it('says which methods a path takes, and that there is nothing under an unknown one', async (test) => {
    const running = await start(test);
    const wrong = await ask(running, 'api', '/bioscope.catalog.v1.CatalogService/ListTitles');
    assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'POST']);
    assert.equal((await ask(running, 'app', '/', { method: 'TRACE' })).status, 405);
    const missing = await ask(running, 'play', '/nothing');
    assert.equal(missing.status, 404);
    assert.equal((JSON.parse(missing.body) as { requestId: string }).requestId, missing.headers['x-request-id']);
  });

  it('sends who opens the bare host to the app, and names the address under any other name', async (test) => {
    const running = await start(test);
    for (const host of [`localhost:${running.port}`, `127.0.0.1:${running.port}`]) {
      const answer = await ask(running, 'app', '/', { headers: { host } });
      assert.deepEqual([answer.status, answer.headers.location], [307, `http://app.localhost:${running.port}/`]);
    }
    const other = await ask(running, 'app', '/', { headers: { host: 'example.org' } });
    assert.equal(other.status, 421);
    assert.match(other.body, /http:\/\/app\.localhost\//);
  });

  it('answers 503 with the request’s id while a unit is not running', async (test) => {
    const running = await startGateway(test, []);
    const answer = await ask(running, 'app', '/');
    const { code, requestId } = JSON.parse(answer.body) as { code: string; requestId: string };
    assert.deepEqual([answer.status, code, answer.headers['retry-after']], [503, 'unavailable', '1']);
    await until('the log line', () => running.lines.length === 1);
    assert.deepEqual([running.lines[0]?.['requestId'], running.lines[0]?.['outcome']], [requestId, 'upstream_absent']);
  });
});
