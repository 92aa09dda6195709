import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';

import type { UnitContext } from '@bioscope/host';
import type { Client, HttpContext, HttpHandler, RpcHost } from '@bioscope/rpc';
import { englishTexts, type StringsService, type TextsVersion } from '@bioscope/strings/contract';
import { web } from './service.ts';

const TEMPLATE =
  '<html lang="{language}" dir="{direction}"><title>{name}</title><meta content="{description}">{needsScript}<script id="texts">{texts}</script><script id="settings">{settings}</script>';

type Strings = Pick<Client<typeof StringsService>, 'listVersions' | 'getTexts'>;
type Words = Record<string, string>;

/** Strings as the web unit asks it: German in words of the test's, which may change. */
function stringsSaying(german: Words): Strings & { german: Words } {
  const said = { german };
  return Object.assign(said, {
    listVersions: async () => ({
      versions: ['en', 'de', 'ar'].flatMap((language) =>
        ['web', 'refusals'].map((bundle) => ({ bundle, language, version: `${language}-${JSON.stringify(said.german)}` }) as TextsVersion),
      ),
    }),
    getTexts: async ({ bundle = '', languages = [] }: { bundle?: string; languages?: string[] }) => ({
      language: languages[0],
      version: '',
      texts: { ...englishTexts(bundle === 'web' ? 'web' : 'refusals'), ...(languages[0] === 'de' ? said.german : {}) },
    }),
  }) as unknown as Strings & { german: Words };
}

const silent: Strings = {
  listVersions: async () => {
    throw new Error('away');
  },
  getTexts: async () => {
    throw new Error('away');
  },
};

async function startWeb(test: TestContext, strings: Strings): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-web-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(path.join(folder, 'index.html'), TEMPLATE);
  const mounts: { prefix: string; handler: HttpHandler; allowed: readonly string[] }[] = [];
  const rpc = {
    mount: (prefix: string, handler: HttpHandler, allowed: readonly string[]) => void mounts.push({ prefix, handler, allowed }),
    client: () => strings,
  };
  const host = { as: () => rpc } as unknown as RpcHost;
  const log = { info: () => undefined, warn: () => undefined };
  const running = await web.start({ rpc: host }, { environment: { BIOSCOPE_WEB_FOLDER: folder }, log } as unknown as UnitContext);
  test.after(() => running.stop?.());
  const [mount] = mounts;
  assert.ok(mount);
  assert.equal(mount.prefix, '/');
  assert.deepEqual(mount.allowed, ['gateway']);
  const server = http.createServer(
    (request, response) => void mount.handler(request, response, { path: request.url ?? '' } as HttpContext),
  );
  test.after(() => void server.close());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pageIn = async (origin: string, language: string): Promise<{ page: string; response: Response }> => {
  const response = await fetch(`${origin}/watch/t1`, { headers: { 'accept-language': language } });
  return { page: await response.text(), response };
};

describe('the web unit', () => {
  it('serves the page in the language of who asks, with the texts and the direction of that language', async (test) => {
    const origin = await startWeb(test, stringsSaying({ 'app.description': 'Filme & "mehr"' }));
    const { page, response } = await pageIn(origin, 'de-AT,en;q=0.5');
    assert.match(page, /^<html lang="de" dir="ltr">/);
    assert.match(page, /content="Filme &amp; &quot;mehr&quot;"/);
    assert.equal(response.headers.get('content-language'), 'de');
    assert.match(response.headers.get('vary') ?? '', /accept-language/);
    const inlined: unknown = JSON.parse(/<script id="texts">(.*?)<\/script>/.exec(page)?.[1] ?? '');
    assert.ok(typeof inlined === 'object' && inlined !== null && 'web' in inlined && 'refusals' in inlined && 'versions' in inlined);
    assert.deepEqual(inlined.web, { ...englishTexts('web'), 'app.description': 'Filme & "mehr"' });
    assert.deepEqual(Object.keys(inlined.versions as object), ['en', 'de', 'ar']);
    assert.deepEqual(JSON.parse(/<script id="settings">(.*)<\/script>/.exec(page)?.[1] ?? ''), { members: 'required' });
    assert.match((await pageIn(origin, 'ar')).page, /^<html lang="ar" dir="rtl">/);
    assert.match((await pageIn(origin, 'fr')).page, /^<html lang="en" dir="ltr">/);
    const again = await fetch(`${origin}/`, {
      headers: { 'accept-language': 'de', 'if-none-match': response.headers.get('etag') ?? '' },
    });
    assert.equal(again.status, 304);
  });

  it('lets no text end the script that carries it, nor take another’s place', async (test) => {
    const evil = '</script><script>alert(1)</script>{texts}';
    const origin = await startWeb(test, stringsSaying({ 'player.play': evil, 'app.needsScript': '<b>' }));
    const { page } = await pageIn(origin, 'de');
    assert.equal(page.match(/<\/script>/g)?.length, 2);
    assert.match(page, /&lt;b&gt;/);
    const inlined = JSON.parse(/<script id="texts">(.*?)<\/script>/.exec(page)?.[1] ?? '') as { web: Words };
    assert.equal(inlined.web['player.play'], evil);
  });

  it('takes up texts that changed', async (test) => {
    const strings = stringsSaying({ 'app.description': 'before' });
    const origin = await startWeb(test, strings);
    assert.match((await pageIn(origin, 'de')).page, /content="before"/);
    strings.german = { 'app.description': 'after' };
    const deadline = Date.now() + 20_000;
    while (!(await pageIn(origin, 'de')).page.includes('content="after"')) {
      assert.ok(Date.now() < deadline, 'waited 20 s in vain for the changed text');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });

  it('speaks English while strings does not answer', async (test) => {
    const origin = await startWeb(test, silent);
    const { page } = await pageIn(origin, 'de');
    assert.match(page, /^<html lang="en" dir="ltr">/);
    assert.ok(page.includes(englishTexts('web')['app.description'] ?? 'nothing'));
  });
});
