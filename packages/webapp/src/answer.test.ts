import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { answerWeb, type WebAnswer, type WebRequest } from './answer.ts';
import { madePage, readWebFiles, type WebFiles } from './files.ts';

const PAGE = '<!doctype html><title>Bioscope</title>';
const SCRIPT = 'console.info("a film")';
const ASSET = '/assets/index-CpF8Wuq4.js';

let folder = '';
let files: WebFiles = new Map();
const ask = (path: string, more: Partial<WebRequest> = {}): WebAnswer =>
  answerWeb(files, { method: 'GET', path, acceptEncoding: '', ifNoneMatch: '', ...more });

before(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-web-'));
  await mkdir(path.join(folder, 'assets'));
  await writeFile(path.join(folder, 'index.html'), PAGE);
  await writeFile(path.join(folder, 'icon.svg'), '<svg/>');
  await writeFile(path.join(folder, ASSET), SCRIPT);
  await writeFile(path.join(folder, `${ASSET}.br`), brotliCompressSync(SCRIPT));
  await writeFile(path.join(folder, `${ASSET}.gz`), gzipSync(SCRIPT));
  files = await readWebFiles({ folder, workspace: '@bioscope/some-app' });
});
after(() => rm(folder, { recursive: true, force: true }));

describe('the server of a browser app', () => {
  it('answers every page of the app with index.html, to be asked for anew', () => {
    for (const page of ['/', '/title/t1', '/watch/t1', '/no/such/page']) {
      const answer = ask(page);
      assert.equal(answer.status, 200, page);
      assert.equal(answer.bytes.toString(), PAGE);
      assert.equal(answer.headers['cache-control'], 'no-cache');
      assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
    }
  });

  it('lets files whose name changes with their content be kept for ever, and only those', () => {
    assert.match(ask(ASSET).headers['cache-control'] ?? '', /max-age=31536000, immutable/);
    assert.equal(ask('/icon.svg').headers['cache-control'], 'no-cache');
  });

  it('sends the compressed form that the browser takes, and says that it depends on it', () => {
    const br = ask(ASSET, { acceptEncoding: 'gzip, deflate, br' });
    assert.equal(br.headers['content-encoding'], 'br');
    assert.equal(br.headers['vary'], 'accept-encoding');
    assert.equal(brotliDecompressSync(br.bytes).toString(), SCRIPT);
    const gzip = ask(ASSET, { acceptEncoding: 'gzip, br;q=0' });
    assert.equal(gzip.headers['content-encoding'], 'gzip');
    assert.equal(gunzipSync(gzip.bytes).toString(), SCRIPT);
    const plain = ask(ASSET);
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.bytes.toString(), SCRIPT);
    assert.notEqual(br.headers['etag'], plain.headers['etag']);
  });

  it('says of a page made for a language which it is, and that others get others', async () => {
    const german = new Map([...files, ['/index.html', await madePage('<!doctype html><html lang="de">', 'de')] as const]);
    const page = answerWeb(german, { method: 'GET', path: '/title/t1', acceptEncoding: 'br', ifNoneMatch: '' });
    assert.equal(page.headers['content-language'], 'de');
    assert.equal(page.headers['vary'], 'accept-encoding, accept-language');
    assert.equal(page.headers['cache-control'], 'no-cache');
    assert.equal(brotliDecompressSync(page.bytes).toString(), '<!doctype html><html lang="de">');
    assert.notEqual(page.headers['etag'], ask('/title/t1').headers['etag']);
  });

  it('answers 304 to who has the file already', () => {
    const { etag = '' } = ask('/').headers;
    for (const ifNoneMatch of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = ask('/', { ifNoneMatch });
      assert.equal(answer.status, 304);
      assert.equal(answer.bytes.length, 0);
    }
    assert.equal(ask('/', { ifNoneMatch: '"other"' }).status, 200);
  });

  it('answers HEAD like GET, without the bytes', () => {
    const head = ask(ASSET, { method: 'HEAD' });
    assert.deepEqual(head.headers, ask(ASSET).headers);
    assert.equal(head.bytes.length, 0);
  });

  it('does not pass off the app as a file that is missing', () => {
    assert.equal(ask('/assets/old-AAAAAAAA.js').status, 404);
    assert.equal(ask(`${ASSET}.br`).status, 404);
  });

  it('never leaves its folder', async () => {
    await writeFile(path.join(path.dirname(folder), 'bioscope-web-secret.txt'), 'secret');
    try {
      for (const way of [
        '/../bioscope-web-secret.txt',
        '/..%2fbioscope-web-secret.txt',
        '//etc/passwd',
        '/assets/../../bioscope-web-secret.txt',
      ])
        assert.ok(!ask(way).bytes.includes('secret'), way);
    } finally {
      await rm(path.join(path.dirname(folder), 'bioscope-web-secret.txt'));
    }
  });

  it('refuses other methods', () => {
    const answer = ask('/', { method: 'POST' });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers['allow'], 'GET, HEAD');
  });
});

describe('reading the built app', () => {
  it('says what to do when it was not built', async () => {
    const build = (below: string): Promise<WebFiles> => readWebFiles({ folder: path.join(folder, below), workspace: '@bioscope/some-app' });
    await assert.rejects(build('nowhere'), /build the app first \(npm run build -w @bioscope\/some-app\)/);
    await assert.rejects(build('assets'), /no index\.html/);
  });
});
