import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';

import { KvFault, type KvStore } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

import { parseTitleRemoved, TITLES_TOPIC, TitleState } from '../contract/index.ts';
import { madeEdition, madeJpeg } from './made-edition.ts';
import { startCatalog, stateFolder, until, type RunningCatalog } from './running-catalog.ts';

const FILM = {
  titleId: 'film1',
  name: ' My film ',
  synopsis: 'Two lines\nof it.',
  year: 1999,
  credit: 'Us',
  licence: 'CC0',
  sourceUrl: '',
};

const refusedWith =
  (code: string, message: RegExp) =>
  (fault: unknown): boolean => {
    assert.ok(fault instanceof RpcError, String(fault));
    assert.equal(fault.code, code, fault.message);
    assert.match(fault.message, message);
    return true;
  };

describe('the catalogue', () => {
  it('shows a title from its creation through its first edition to the complete one', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    const studio = running.as('studio');
    const get = async () => (await running.as('gateway').getTitle({ titleId: 'film1' })).title;

    await studio.createTitle(FILM);
    assert.partialDeepStrictEqual(await get(), { name: 'My film', state: TitleState.PREPARING, editionId: '', prepared: 0 });
    await studio.reportPreparation({ titleId: 'film1', prepared: 0.25 });
    assert.equal((await get())?.prepared, 0.25);
    await studio.publishEdition({ edition: madeEdition() });
    assert.partialDeepStrictEqual(await get(), {
      state: TitleState.PLAYABLE,
      editionId: 'ed1',
      durationMs: 8000,
      rungHeights: [240],
      prepared: 0.25,
    });
    await studio.publishEdition({ edition: madeEdition({ id: 'ed2', complete: true }) });
    assert.partialDeepStrictEqual(await get(), { state: TitleState.PLAYABLE, editionId: 'ed2', prepared: 1 });
    assert.deepEqual((await running.as('playback').getEdition({ editionId: 'ed1' })).edition, madeEdition());
  });

  it('goes on after a restart where it was', async () => {
    await using folder = await stateFolder();
    {
      await using running = await startCatalog(folder.path);
      await running.as('studio').createTitle(FILM);
      await running.as('studio').createTitle({ ...FILM, titleId: 'film2', name: 'Second' });
      await running.as('studio').publishEdition({ edition: madeEdition() });
      await running.as('studio').reportPreparation({ titleId: 'film1', prepared: 0.5 });
      await running.as('gateway').removeTitle({ titleId: 'film2' });
    }
    await using running = await startCatalog(folder.path);
    const { titles } = await running.as('gateway').listTitles({});
    assert.deepEqual(
      titles.map(({ id, editionId, prepared }) => ({ id, editionId, prepared })),
      [{ id: 'film1', editionId: 'ed1', prepared: 0.5 }],
    );
    await assert.rejects(running.as('gateway').getTitle({ titleId: 'film2' }), refusedWith('not_found', /no title film2/));
  });

  it('finds acknowledged changes in the streams alone, should the shelf be behind them', async () => {
    await using folder = await stateFolder();
    {
      let isLosing = false;
      const losingShelf = (kv: KvStore): KvStore => ({
        ...kv,
        items: {
          ...kv.items,
          put: (request, options) =>
            isLosing && request.namespace === 'catalog_shelf'
              ? Promise.reject(new KvFault('KV_UNAVAILABLE', 'gone'))
              : kv.items.put(request, options),
        },
      });
      await using running = await startCatalog(folder.path, losingShelf);
      isLosing = true;
      await assert.rejects(running.as('studio').createTitle(FILM), refusedWith('unavailable', /try again/));
    }
    await using running = await startCatalog(folder.path);
    await until('the title is on the shelf', async () => (await running.as('gateway').listTitles({})).titles.length === 1);
  });

  it('lists titles newest first', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    for (const titleId of ['one', 'two', 'three']) {
      const before = Date.now();
      await running.as('studio').createTitle({ ...FILM, titleId });
      await until('the clock moves on', () => Date.now() > before + 1);
    }
    const { titles } = await running.as('gateway').listTitles({});
    assert.deepEqual(
      titles.map(({ id }) => id),
      ['three', 'two', 'one'],
    );
  });

  it('does what is asked twice only once', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    const studio = running.as('studio');
    await studio.createTitle(FILM);
    const again = await studio.createTitle({ ...FILM, name: 'Another name' });
    assert.equal(again.title?.name, 'My film');
    await studio.publishEdition({ edition: madeEdition() });
    await studio.publishEdition({ edition: madeEdition({ durationMs: 9000 }) });
    assert.equal((await running.as('playback').getEdition({ editionId: 'ed1' })).edition?.durationMs, 8000, 'an edition never changes');
    await running.as('gateway').removeTitle({ titleId: 'film1' });
    await running.as('gateway').removeTitle({ titleId: 'film1' });
    const { events } = await running.kv.streams.read({ namespace: 'catalog_titles', stream: 'film1' });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['title.created', 'edition.published', 'title.removed'],
    );
  });

  it('keeps every one of many changes made at once', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await running.as('studio').createTitle(FILM);
    const editions = Array.from({ length: 4 }, (_, index) => madeEdition({ id: `ed${index}` }));
    await Promise.all(editions.map((edition) => running.as('studio').publishEdition({ edition })));
    const { events } = await running.kv.streams.read({ namespace: 'catalog_titles', stream: 'film1' });
    assert.deepEqual(
      events.map(({ sequence }) => sequence),
      [1, 2, 3, 4, 5],
    );
  });

  it('says why preparation failed, and takes it back when the work goes on', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    const studio = running.as('studio');
    const state = async () => (await running.as('gateway').getTitle({ titleId: 'film1' })).title;
    await studio.createTitle(FILM);
    await studio.reportPreparation({ titleId: 'film1', prepared: 0.1, failure: 'The disk is full.' });
    assert.partialDeepStrictEqual(await state(), { state: TitleState.FAILED, failure: 'The disk is full.' });
    await studio.reportPreparation({ titleId: 'film1', prepared: 0.2 });
    assert.partialDeepStrictEqual(await state(), { state: TitleState.PREPARING, failure: '', prepared: 0.2 });
    const { version } = await running.kv.streams.read({ namespace: 'catalog_titles', stream: 'film1' });
    await studio.reportPreparation({ titleId: 'film1', prepared: 0.3 });
    assert.equal(
      (await running.kv.streams.read({ namespace: 'catalog_titles', stream: 'film1' })).version,
      version,
      'progress is no event',
    );
  });
});

describe('removing a title', () => {
  it('announces it with its editions and forgets everything it kept', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    const removed: unknown[] = [];
    const subscription = running.log.subscribe({ topic: TITLES_TOPIC, group: 'test' }, (records) => {
      for (const { type, key, value } of records) if (type === 'title.removed') removed.push({ key, ...parseTitleRemoved(value) });
      return Promise.resolve();
    });
    await running.as('studio').createTitle(FILM);
    await running.as('studio').publishEdition({ edition: madeEdition() });
    await running.as('studio').setArtwork({ titleId: 'film1', poster: madeJpeg(600, 900) });
    await running.as('gateway').removeTitle({ titleId: 'film1' });
    await until('the removal is announced', () => removed.length > 0);
    await subscription.close();
    assert.deepEqual(removed, [{ key: 'film1', titleId: 'film1', editionIds: ['ed1'] }]);
    await until('the artwork is gone', async () => (await running.blob.list({ prefix: 'artwork/film1/' })).objects.length === 0);
    await assert.rejects(running.as('playback').getEdition({ editionId: 'ed1' }), refusedWith('not_found', /no edition ed1/));
    assert.deepEqual((await running.as('gateway').listTitles({})).titles, []);
  });

  it('is final', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await running.as('studio').createTitle(FILM);
    await running.as('gateway').removeTitle({ titleId: 'film1' });
    await assert.rejects(
      running.as('studio').publishEdition({ edition: madeEdition() }),
      refusedWith('failed_precondition', /was removed/),
    );
    await assert.rejects(running.as('studio').createTitle(FILM), refusedWith('failed_precondition', /was removed/));
    await assert.rejects(
      running.as('studio').setArtwork({ titleId: 'film1', poster: madeJpeg(600, 900) }),
      refusedWith('failed_precondition', /was removed/),
    );
    assert.deepEqual((await running.blob.list({ prefix: 'artwork/' })).objects, [], 'a refused picture is not kept');
  });
});

describe('artwork', () => {
  const picture = async (running: RunningCatalog, path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await running.fetchAs('gateway')('catalog', path, { headers, method });
    return { status: answer.status, headers: answer.headers, body: await buffer(answer.body) };
  };

  it('is served for ever under a path that changes with the picture', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await running.as('studio').createTitle(FILM);
    const first = madeJpeg(600, 900);
    const one = (await running.as('studio').setArtwork({ titleId: 'film1', poster: first, backdrop: madeJpeg(1280, 720) })).title;
    const { status, headers, body } = await picture(running, one?.posterPath ?? '');
    assert.deepEqual(
      { status, type: headers['content-type'], cache: headers['cache-control'] },
      { status: 200, type: 'image/jpeg', cache: 'public, max-age=31536000, immutable' },
    );
    assert.deepEqual(Uint8Array.from(body), first);
    assert.equal((await picture(running, one?.posterPath ?? '', { 'if-none-match': String(headers['etag']) })).status, 304);
    assert.equal((await picture(running, one?.posterPath ?? '', {}, 'HEAD')).body.length, 0);
    const two = (await running.as('studio').setArtwork({ titleId: 'film1', poster: madeJpeg(600, 900, 1) })).title;
    assert.notEqual(two?.posterPath, one?.posterPath);
    assert.equal(two?.backdropPath, one?.backdropPath, 'an empty picture leaves the other as it was');
  });

  it('must be a JPEG picture', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await running.as('studio').createTitle(FILM);
    const set = (poster: Uint8Array<ArrayBuffer>) => running.as('studio').setArtwork({ titleId: 'film1', poster });
    await assert.rejects(
      set(Uint8Array.from([0x89, 0x50, 0x4e, 0x47])),
      refusedWith('invalid_argument', /poster is refused: it does not begin like a JPEG/),
    );
    await assert.rejects(set(madeJpeg(9, 9)), refusedWith('invalid_argument', /it is 9x9 pixels/));
    await assert.rejects(set(new Uint8Array(0)), refusedWith('invalid_argument', /both empty/));
    assert.deepEqual((await running.blob.list({ prefix: 'artwork/' })).objects, []);
  });

  it('has no way out of its folder', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await running.blob.put('editions/ed1/240p.mp4', Buffer.from('secret'));
    for (const path of ['/artwork/../editions/ed1/240p.mp4', '/artwork/%2e%2e/editions/ed1/240p.mp4', '/artwork/film1/x.jpg', '/artwork/'])
      assert.equal((await picture(running, path)).status, 404, path);
    assert.equal((await picture(running, '/artwork/film1/0000000000000000-poster.jpg', {}, 'DELETE')).status, 405);
  });
});

describe('what the catalogue does not take', () => {
  it('is told with every fault at once', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    const create = (changes: Partial<typeof FILM>) => running.as('studio').createTitle({ ...FILM, ...changes });
    await assert.rejects(
      create({ name: '  ', year: 12, sourceUrl: 'javascript:alert(1)' }),
      refusedWith('invalid_argument', /name is empty; year is 12.*; source_url is no http/),
    );
    await assert.rejects(create({ name: 'x'.repeat(201) }), refusedWith('invalid_argument', /name has 201 characters; at most 200/));
    await assert.rejects(create({ name: 'a\u0000b' }), refusedWith('invalid_argument', /control character/));
    await assert.rejects(create({ titleId: '../x' }), refusedWith('invalid_argument', /title_id/));
    await running.as('studio').createTitle(FILM);
    const broken = madeEdition({ files: [{ name: 'A.mp4', bytes: 3, sha256: 'no' }] });
    await assert.rejects(
      running.as('studio').publishEdition({ edition: broken }),
      refusedWith('invalid_argument', /file name "A.mp4".*sha256.*"240p.mp4" is not among the files/),
    );
    await assert.rejects(
      running.as('studio').reportPreparation({ titleId: 'film1', prepared: Number.NaN }),
      refusedWith('invalid_argument', /prepared is NaN/),
    );
    await assert.rejects(
      running.as('gateway').setAvailability({ titleId: 'film1', availableFromMs: 10, availableUntilMs: 5 }),
      refusedWith('invalid_argument', /does not lie after/),
    );
    await assert.rejects(
      running.as('studio').publishEdition({ edition: madeEdition({ titleId: 'nobody' }) }),
      refusedWith('not_found', /no title nobody/),
    );
  });

  it('includes calls by those whose business it is not', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await assert.rejects(running.as('gateway').createTitle(FILM), refusedWith('permission_denied', /./));
    await assert.rejects(running.as('studio').removeTitle({ titleId: 'film1' }), refusedWith('permission_denied', /./));
    await assert.rejects(running.as('appliance').listTitles({}), refusedWith('permission_denied', /./));
  });
});

describe('a store that is down', () => {
  it('leaves reading as it was and refuses changes as to be tried again', async () => {
    await using folder = await stateFolder();
    let isDown = false;
    const failing = (kv: KvStore): KvStore => ({
      ...kv,
      streams: {
        ...kv.streams,
        append: (request) => (isDown ? Promise.reject(new KvFault('KV_UNAVAILABLE', 'gone')) : kv.streams.append(request)),
      },
    });
    await using running = await startCatalog(folder.path, failing);
    await running.as('studio').createTitle(FILM);
    isDown = true;
    await assert.rejects(running.as('gateway').removeTitle({ titleId: 'film1' }), refusedWith('unavailable', /try again/));
    assert.equal((await running.as('gateway').listTitles({})).titles.length, 1);
    isDown = false;
    await running.as('gateway').removeTitle({ titleId: 'film1' });
  });
});
