import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signSegmentToken, TOKEN_VECTOR_KEYS, TOKEN_VECTORS } from '@bioscope/control/contract';
import { eventually, fakeControl, fakeOrigin, fileOf, startTestAppliance, type TestAppliance } from './harness.ts';

type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Buffer };

/** Sends the path as it stands: `fetch` would resolve dots before sending. */
function ask(base: string, path: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('an appliance serving', () => {
  const film = fileOf('240p.mp4', 300_000);
  const cues = fileOf('en.vtt', 40);
  const control = fakeControl();
  const origin = fakeOrigin();
  let folder = '';
  let server: TestAppliance;
  const [key] = TOKEN_VECTOR_KEYS;
  assert(key !== undefined);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bioscope-serving-'));
    control.keys = { version: 'k1*.k2', keys: TOKEN_VECTOR_KEYS.map((each, index) => ({ ...each, active: index === 0 })) };
    for (const edition of ['Ed_1-x', 'Ed_1-y']) {
      for (const file of [film, cues]) origin.put(edition, file);
      control.hold(edition, [film, cues]);
    }
    server = await startTestAppliance({ control, origin }, { id: 'a1', folder });
    await eventually('both editions held and keys in force', () => {
      const heard = control.heard.get('a1');
      return heard?.healthy === true && heard.editions.length === 2;
    });
  });
  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const path = (file: string, token = signSegmentToken(key, { editionId: 'Ed_1-x', sessionId: 's', expiresAtMs: Date.now() + 60_000 })) =>
    `/t/${token}/Ed_1-x/${file}`;

  for (const vector of TOKEN_VECTORS) {
    const status = vector.verdict === 'valid' ? 200 : vector.verdict === 'expired' ? 410 : 403;
    it(`answers ${status} to ${vector.name}`, async () => {
      const answer = await ask(server.baseUrl, `/t/${vector.token}/${vector.editionId}/en.vtt`);
      assert.equal(answer.status, status);
      assert.equal(answer.body.equals(cues.content), status === 200);
      assert.equal(answer.headers['cache-control'], status === 200 ? 'private, max-age=86400, immutable' : 'no-store');
      assert.equal(answer.headers['access-control-allow-origin'], '*');
    });
  }

  it('refuses a token with any one character changed', async () => {
    const good = signSegmentToken(key, { editionId: 'Ed_1-x', sessionId: 's', expiresAtMs: Date.now() + 60_000 });
    for (let at = 0; at < good.length; at++) {
      const changed = `${good.slice(0, at)}${good[at] === 'b' ? 'c' : 'b'}${good.slice(at + 1)}`;
      // The last letter of 32 bytes in base64url carries four bits and two that mean nothing.
      if (Buffer.from(changed.slice(-43), 'base64url').equals(Buffer.from(good.slice(-43), 'base64url')) && at >= good.length - 43)
        continue;
      const answer = await ask(server.baseUrl, path('en.vtt', changed));
      assert.equal(answer.status, 403, changed);
    }
  });

  it('refuses a token that expires while it is used, and one for another edition after it was good for its own', async () => {
    const token = signSegmentToken(key, { editionId: 'Ed_1-x', sessionId: 'short', expiresAtMs: Date.now() + 1_000 });
    assert.equal((await ask(server.baseUrl, path('en.vtt', token))).status, 200);
    assert.equal((await ask(server.baseUrl, path('en.vtt', token))).status, 200, 'by the grant');
    assert.equal((await ask(server.baseUrl, path('en.vtt', token).replace('Ed_1-x', 'Ed_1-y'))).status, 403);
    await eventually('expired', async () => (await ask(server.baseUrl, path('en.vtt', token))).status === 410, 6_000);
    const grants = await readdir(join(folder, 'nginx', 'grants'));
    assert(!grants.some((name) => name.includes('.short.')));
  });

  it('gives whole files, ranges, suffixes and heads', async () => {
    const whole = await ask(server.baseUrl, path(film.name));
    assert.equal(whole.status, 200);
    assert.equal(whole.headers['content-type'], 'video/mp4');
    assert(whole.body.equals(film.content));

    const range = await ask(server.baseUrl, path(film.name), { headers: { range: 'bytes=1000-1999' } });
    assert.equal(range.status, 206);
    assert.equal(range.headers['content-range'], 'bytes 1000-1999/300000');
    assert(range.body.equals(film.content.subarray(1000, 2000)));

    const suffix = await ask(server.baseUrl, path(film.name), { headers: { range: 'bytes=-500' } });
    assert.equal(suffix.status, 206);
    assert(suffix.body.equals(film.content.subarray(-500)));

    const head = await ask(server.baseUrl, path(film.name), { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(head.headers['content-length'], '300000');
    assert.equal(head.body.length, 0);

    const outside = await ask(server.baseUrl, path(film.name), { headers: { range: 'bytes=300000-' } });
    assert.equal(outside.status, 416);
    assert.equal(outside.headers['access-control-allow-origin'], '*');
  });

  it('answers several ranges with the whole file, which costs one read', async () => {
    const answer = await ask(server.baseUrl, path(film.name), { headers: { range: 'bytes=0-1,5-6,10-11' } });
    assert.equal(answer.status, 200);
    assert(answer.body.equals(film.content));
  });

  it('knows a file again by its ETag', async () => {
    const { headers } = await ask(server.baseUrl, path(film.name));
    assert(typeof headers['etag'] === 'string');
    assert.equal(headers['last-modified'], undefined);
    const again = await ask(server.baseUrl, path(film.name), { headers: { 'if-none-match': headers['etag'] } });
    assert.equal(again.status, 304);
  });

  it('lets no path out of the edition, and nothing hidden in', async () => {
    await writeFile(join(folder, 'files', 'Ed_1-x', '.hidden.mp4'), 'hidden');
    const token = path('').split('/')[2] ?? '';
    const paths = [
      path('.hidden.mp4'),
      path('../Ed_1-y/en.vtt'),
      path('..%2fEd_1-y%2fen.vtt'),
      path('%2e%2e/Ed_1-y/en.vtt'),
      path('../../../control.json'),
      path('../../nginx/settings.json'),
      path('....//en.vtt'),
      path('en.vtt/'),
      path('en.vtt%00'),
      path('EN.VTT'),
      path(''),
      `/t/${token}/Ed_1-x`,
      `/t/${token}/../files/Ed_1-x/en.vtt`,
      `/t/${token}//en.vtt`,
      '/control.json',
      '/nginx/settings.json',
      '/status/',
      '/',
    ];
    for (const each of paths) {
      const answer = await ask(server.baseUrl, each);
      assert([400, 403, 404].includes(answer.status), `${each} was answered ${answer.status}`);
      assert(!answer.body.includes('hidden'), each);
    }
    assert.equal((await ask(server.baseUrl, path('1080p.mp4'))).status, 404);
  });

  it('takes GET, HEAD and preflights only', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await ask(server.baseUrl, path(film.name), { method });
      assert.equal(answer.status, 405, method);
      assert.equal(answer.headers['allow'], 'GET, HEAD, OPTIONS');
    }
    const preflight = await ask(server.baseUrl, path(film.name), {
      method: 'OPTIONS',
      headers: { origin: 'http://app.localhost:8080', 'access-control-request-method': 'GET', 'access-control-request-headers': 'range' },
    });
    assert.equal(preflight.status, 204);
    assert.match(String(preflight.headers['access-control-allow-headers']), /Range/);
    assert.equal(preflight.headers['access-control-max-age'], '86400');
    const plain = await ask(server.baseUrl, path(film.name));
    assert.match(String(plain.headers['access-control-expose-headers']), /Content-Range/);
    assert.equal(plain.headers['server'], 'nginx');
  });

  it('logs who fetched what with its CMCD, and never the token', async () => {
    const token = path('').split('/')[2] ?? '';
    await ask(server.baseUrl, `${path(film.name, token)}?CMCD=br%3D300%2Csid%3D%22x%22`, {
      headers: { range: 'bytes=0-9', 'cmcd-request': 'bl=1200' },
    });
    const line = await eventually('the line is in the log', async () => {
      const text = await readFile(join(folder, 'nginx', 'access.log'), 'utf8').catch(() => '');
      assert(!text.includes(token.slice(-43)));
      return text.split('\n').find((each) => each.includes('"cmcdRequest":"bl=1200"'));
    });
    const entry: unknown = JSON.parse(line);
    assert(typeof entry === 'object' && entry !== null);
    const { time: _time, seconds: _seconds, ...rest } = entry as Record<string, unknown>;
    assert.deepEqual(rest, {
      session: 's',
      edition: 'Ed_1-x',
      file: '240p.mp4',
      method: 'GET',
      status: 206,
      bytes: 10,
      range: 'bytes=0-9',
      client: rest['client'],
      cmcd: 'br%3D300%2Csid%3D%22x%22',
      cmcdRequest: 'bl=1200',
      cmcdObject: '',
      cmcdSession: '',
      cmcdStatus: '',
    });
  });
});
