import assert from 'node:assert/strict';
import { text as textOf } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { KvFault } from '@bioscope/kv';
import { englishTexts } from '../contract/index.ts';
import { member, openStore, operator, startStrings, stateFolder, type RunningStrings } from './running-strings.ts';

const SOFTER = { bundle: 'web', language: 'de', key: 'player.play', text: 'Film ab', why: 'warmer', commandId: 'c1' };

async function play(running: RunningStrings, ...languages: string[]): Promise<string | undefined> {
  return (await running.as('web').getTexts({ bundle: 'web', languages })).texts['player.play'];
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 5 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('strings', () => {
  it('gives a bundle in the language that is wanted most, English at last', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    const german = await running.as('web').getTexts({ bundle: 'web', languages: ['fr', 'de-AT', 'es'] });
    assert.equal(german.language, 'de');
    assert.equal(german.texts['player.play'], 'Abspielen');
    const last = await running.as('web').getTexts({ bundle: 'web', languages: ['fr'] });
    assert.deepEqual([last.language, last.texts], ['en', englishTexts('web')]);
    await assert.rejects(running.as('web').getTexts({ bundle: 'wbe' }), /"wbe"; there are web, refusals/);
  });

  it('says an operator’s words from then on, under a new version, also after a restart', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    const versionOf = async (running: RunningStrings, language: string): Promise<string | undefined> =>
      (await running.as('web').listVersions({})).versions.find((each) => each.bundle === 'web' && each.language === language)?.version;
    {
      await using running = await startStrings(store.kv);
      const before = { de: await versionOf(running, 'de'), es: await versionOf(running, 'es') };
      const { version } = await running.as('gateway').setText(SOFTER, operator);
      assert.equal(await play(running, 'de'), 'Film ab');
      assert.equal(await versionOf(running, 'de'), version);
      assert.notEqual(version, before.de);
      assert.equal(await versionOf(running, 'es'), before.es);
    }
    await using again = await startStrings(store.kv);
    assert.equal(await play(again, 'de'), 'Film ab');
    const taken = await again.as('gateway').setText({ ...SOFTER, text: '', why: 'too warm', commandId: 'c2' }, operator);
    assert.equal(await play(again, 'de'), 'Abspielen');
    const { changes } = await again.as('gateway').listChanges({ bundle: 'web' }, operator);
    assert.deepEqual(
      changes.map(({ language, key, text, why, madeBy }) => [language, key, text, why, madeBy]),
      [
        ['de', 'player.play', 'Film ab', 'warmer', 'op1'],
        ['de', 'player.play', '', 'too warm', 'op1'],
      ],
    );
    assert.ok(changes.every(({ madeAtMs }) => madeAtMs > 1_700_000_000_000));
    assert.equal(taken.version, await versionOf(again, 'de'));
  });

  it('does a command once, however often it is sent', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    const gateway = running.as('gateway');
    await gateway.setText(SOFTER, operator);
    await gateway.setText({ ...SOFTER, text: 'Los', commandId: 'c2' }, operator);
    await gateway.setText(SOFTER, operator);
    assert.equal((await gateway.listChanges({ bundle: 'web' }, operator)).changes.length, 2);
    assert.equal(await play(running, 'de'), 'Los');
  });

  it('keeps both of two changes made at once, and tells every instance', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using one = await startStrings(store.kv);
    await using other = await startStrings(store.kv);
    await Promise.all([
      one.as('gateway').setText(SOFTER, operator),
      other.as('gateway').setText({ ...SOFTER, language: 'de-AT', text: 'Schau ma', commandId: 'c2' }, operator),
    ]);
    for (const running of [one, other]) {
      await until('both words', async () => (await play(running, 'de')) === 'Film ab' && (await play(running, 'de-AT')) === 'Schau ma');
      assert.equal((await running.as('web').getTexts({ bundle: 'web', languages: ['de-AT'] })).texts['player.pause'], 'Pause');
    }
  });

  it('goes on with the texts it has while the store is away, and changes nothing then', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    const { streams } = store.kv;
    let isAway = false;
    const answers = <T>(answer: () => Promise<T>): Promise<T> =>
      isAway ? Promise.reject(new KvFault('KV_UNAVAILABLE', 'away for the test')) : answer();
    await using running = await startStrings({
      streams: {
        append: (request, options) => answers(() => streams.append(request, options)),
        read: (request, options) => answers(() => streams.read(request, options)),
        subscribe: (request, handler) => streams.subscribe(request, handler),
      },
    });
    isAway = true;
    await assert.rejects(running.as('gateway').setText(SOFTER, operator), { code: 'unavailable' });
    assert.equal(await play(running, 'de'), 'Abspielen');
    isAway = false;
    await running.as('gateway').setText(SOFTER, operator);
    assert.equal(await play(running, 'de'), 'Film ab');
  });

  it('hears of others again after following them broke off', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    const { streams } = store.kv;
    let subscriptions = 0;
    await using deaf = await startStrings({
      streams: {
        append: (request, options) => streams.append(request, options),
        read: (request, options) => streams.read(request, options),
        subscribe(request, handler) {
          subscriptions += 1;
          if (subscriptions > 1) return streams.subscribe(request, handler);
          const ended = Promise.reject(new KvFault('KV_UNAVAILABLE', 'broken for the test'));
          return { ended, close: () => Promise.resolve() };
        },
      },
    });
    await using other = await startStrings(store.kv);
    await other.as('gateway').setText(SOFTER, operator);
    await until('the word of the other instance', async () => (await play(deaf, 'de')) === 'Film ab');
    assert.ok(subscriptions > 1);
  });

  it('lets operators only change texts, and nobody write what could not be said', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    const gateway = running.as('gateway');
    await assert.rejects(gateway.setText(SOFTER, member), { code: 'permission_denied' });
    await assert.rejects(gateway.setText(SOFTER), { code: 'unauthenticated' });
    await assert.rejects(running.as('web').setText(SOFTER, operator), { code: 'permission_denied' });
    await assert.rejects(gateway.listChanges({ bundle: 'web' }, member), { code: 'permission_denied' });
    await assert.rejects(gateway.setText({ ...SOFTER, text: 'Los {' }, operator), { code: 'invalid_argument' });
    assert.equal(await play(running, 'de'), 'Abspielen');
  });
});

describe('the mount /strings', () => {
  it('gives the newest to be asked for anew, and one version to be kept for ever', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    const newest = await running.get('/strings/web/ar-EG');
    assert.equal(newest.status, 200);
    assert.equal(newest.headers['content-language'], 'ar');
    assert.equal(newest.headers['cache-control'], 'no-cache');
    const texts = await textOf(newest.body);
    const etag = String(newest.headers['etag']);
    assert.equal((JSON.parse(texts) as Record<string, string>)['player.play'], 'تشغيل');

    const same = await running.get('/strings/web/ar', { 'if-none-match': `"x", W/${etag}` });
    assert.equal(same.status, 304);
    assert.equal(await textOf(same.body), '');

    const kept = await running.get(`/strings/web/ar/${etag.slice(1, -1)}`);
    assert.equal(kept.status, 200);
    assert.match(String(kept.headers['cache-control']), /immutable/);
    assert.equal(await textOf(kept.body), texts);
  });

  it('leads from a version that is gone to the newest, without letting that be kept', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    const gone = await running.get('/strings/web/de/AAAAAAAAAAAAAAAAAAAAAA');
    await textOf(gone.body);
    assert.equal(gone.status, 302);
    assert.equal(gone.headers['location'], '/strings/web/de');
    assert.equal(gone.headers['cache-control'], 'no-store');
  });

  it('answers HEAD without the texts, and no other method', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    const head = await running.get('/strings/web/de', {}, 'HEAD');
    assert.equal(head.status, 200);
    assert.ok(Number(head.headers['content-length']) > 1_000);
    assert.equal(await textOf(head.body), '');
    const post = await running.get('/strings/web/de', {}, 'POST');
    await textOf(post.body);
    assert.equal(post.status, 405);
    assert.equal(post.headers['allow'], 'GET, HEAD');
  });

  it('has nothing at other addresses', async () => {
    await using folder = await stateFolder();
    await using store = await openStore(folder.path);
    await using running = await startStrings(store.kv);
    for (const path of ['/strings', '/strings/web', '/strings/nothing/de', '/strings/web/..', '/strings/web/de/v/more']) {
      const answer = await running.get(path);
      await textOf(answer.body);
      assert.equal(answer.status, 404, path);
    }
  });
});
