import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bytes, documents, type Documents, type KvStore, newToken, utf8 } from './index.ts';
import { openKv } from './sqlite/index.ts';

describe('newToken', () => {
  it('is always later than the last one, also when the clock stands still or steps back', () => {
    let nowMs = 1_000;
    const clock = (): number => nowMs;
    const first = newToken(clock);
    const second = newToken(clock);
    nowMs = 500;
    const third = newToken(clock);
    nowMs = 2_000;
    assert.deepEqual([first.timeUs, second.timeUs, third.timeUs, newToken(clock).timeUs], [1_000_000, 1_000_001, 1_000_002, 2_000_000]);
  });

  it('never gives the same nonce twice', () => {
    const nonces = Array.from({ length: 5_000 }, () => newToken().nonce);
    assert.equal(new Set(nonces).size, 5_000);
    for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  });
});

describe('utf8', () => {
  it('gives back the text, and refuses bytes that are none', () => {
    assert.equal(utf8(bytes('Ünïcode \u{1f3ac}\u0000')), 'Ünïcode \u{1f3ac}\u0000');
    assert.throws(() => utf8(Uint8Array.of(0xff)), TypeError);
  });
});

describe('documents', () => {
  type Film = { readonly name: string; readonly year: number };
  let folder: string;
  let kv: KvStore;
  let films: Documents<Film>;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
    kv = await openKv({ folder });
    films = documents(kv.items, { namespace: 'films', parse: parseFilm });
  });
  after(async () => {
    await kv.close();
    await rm(folder, { recursive: true });
  });

  it('puts, gets, replaces, lists in pages and deletes', async () => {
    assert.equal(await films.get('m'), null);
    await films.put('m', { name: 'M', year: 1930 });
    await films.put('m', { name: 'M', year: 1931 });
    await films.put('ä', { name: 'Ärger', year: 2000 });
    await films.put('metropolis', { name: 'Metropolis', year: 1927 });
    assert.deepEqual(await films.get('m'), { name: 'M', year: 1931 });
    const first = await films.list({ itemsMax: 2 });
    assert.deepEqual(
      first.documents.map(({ key }) => key),
      ['m', 'metropolis'],
    );
    const second = await films.list({ itemsMax: 2, cursor: first.cursor ?? '' });
    assert.deepEqual(second, { documents: [{ key: 'ä', document: { name: 'Ärger', year: 2000 } }], cursor: null });
    await films.delete('m');
    assert.equal(await films.get('m'), null);
  });

  it('does nothing when an older write comes again', async () => {
    const token = newToken();
    await films.put('again', { name: 'old', year: 1 }, { token });
    await films.put('again', { name: 'new', year: 2 });
    await films.put('again', { name: 'old', year: 1 }, { token });
    assert.equal((await films.get('again'))?.name, 'new');
  });

  it('says which document cannot be read, and why', async () => {
    const broken = {
      namespace: 'films',
      record: 'documents',
      items: [{ key: bytes('broken'), value: bytes('{"name":3}') }],
      token: newToken(),
    };
    await kv.items.put(broken);
    await assert.rejects(films.get('broken'), (error: unknown) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      assert.match(error.message, /document "broken" in films/);
      assert.match(error.cause.message, /no film/);
      return true;
    });
    await films.delete('broken');
  });

  function parseFilm(json: unknown): Film {
    if (typeof json === 'object' && json !== null && 'name' in json && 'year' in json) {
      if (typeof json.name === 'string' && typeof json.year === 'number') return { name: json.name, year: json.year };
    }
    throw new Error('this is no film');
  }
});
