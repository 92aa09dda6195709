import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { create } from '@bufbuild/protobuf';
import { PersonSchema } from '@bioscope/catalog/contract';
import { KvFault, type KvStore } from '@bioscope/kv';
import { RpcError } from '@bioscope/rpc';

import { Thumb } from '../contract/index.ts';
import { madeMovie, madeSeries } from './made-titles.ts';
import { startHome, stateFolder, surroundings, until, type RunningHome } from './running-home.ts';

const NOW_MS = Date.now();
const fresh = (id: string, changes: Parameters<typeof madeMovie>[1] = {}) => madeMovie(id, { createdAtMs: NOW_MS, ...changes });

const refusedWith =
  (code: string, message: RegExp) =>
  (fault: unknown): boolean => {
    assert.ok(fault instanceof RpcError, String(fault));
    assert.equal(fault.code, code, fault.message);
    assert.match(fault.message, message);
    return true;
  };

async function rowsOf(running: RunningHome, profileId: string): Promise<Record<string, string[]>> {
  const { rows } = await running.client.getHome({}, running.by(profileId));
  return Object.fromEntries(rows.map(({ id, titleIds }) => [id, titleIds]));
}

/** Home knows nothing for a moment after it was started. */
async function untilKnown(running: RunningHome): Promise<void> {
  await until('the catalogue is known', () =>
    running.client.getHome({}, running.by('grown')).then(
      () => true,
      (fault: unknown) => {
        if (fault instanceof RpcError && fault.code === 'unavailable') return false;
        throw fault;
      },
    ),
  );
}

describe('a home page', () => {
  it('is made of what really happens, and is there after a restart', async () => {
    await using folder = await stateFolder();
    const around = surroundings([fresh('a'), fresh('b', { backdropPath: '/b.jpg' }), ...madeSeries('show', 2, { createdAtMs: NOW_MS })]);
    {
      await using running = await startHome(folder.path, around);
      await untilKnown(running);
      assert.deepEqual(await rowsOf(running, 'grown'), { new: ['a', 'b', 'show'] });
      await running.report({ profileId: 'grown', titleId: 'show-1-1', stage: 'finished', atMs: NOW_MS });
      await running.report({ profileId: 'grown', titleId: 'a', atMs: NOW_MS + 1 });
      await until('it is taken in', async () => (await rowsOf(running, 'grown'))['continue']?.length === 2);
      await running.client.addToList({ titleId: 'b' }, running.by('grown'));
    }
    await using running = await startHome(folder.path, around);
    await untilKnown(running);
    const page = await running.client.getHome({}, running.by('grown'));
    assert.deepEqual(
      page.rows.map(({ id, titleIds }) => ({ id, titleIds })),
      [
        { id: 'continue', titleIds: ['a', 'show'] },
        { id: 'list', titleIds: ['b'] },
        { id: 'popular', titleIds: ['a', 'show'] },
      ],
    );
    assert.equal(page.billboardTitleId, 'b');
    const card = (id: string) => page.cards.find(({ titleId }) => titleId === id);
    assert.partialDeepStrictEqual(card('a'), { playId: 'a', positionMs: 600_000, durationMs: 3_600_000, inList: false });
    assert.partialDeepStrictEqual(card('show'), {
      isSeries: true,
      playId: 'show-1-2',
      positionMs: 0,
      seasonNumber: 1,
      episodeNumber: 2,
      episodeName: 'Episode 2',
    });
    assert.equal(card('b')?.inList, true);
    assert.deepEqual((await rowsOf(running, 'kid'))['popular'], ['a', 'show'], 'popular is what anybody watches');
    assert.equal((await rowsOf(running, 'kid'))['continue'], undefined, 'the rest is the profile’s own');
  });

  it('keeps the newest report, and counts a profile once a day, however often it is told', async () => {
    await using folder = await stateFolder();
    await using running = await startHome(folder.path, surroundings([fresh('a'), fresh('b')]));
    await untilKnown(running);
    await running.report({ profileId: 'grown', titleId: 'a', positionMs: 20_000, atMs: NOW_MS + 20 });
    for (const positionMs of [30_000, 5_000]) await running.report({ profileId: 'grown', titleId: 'a', positionMs, atMs: NOW_MS + 10 });
    await running.report({ profileId: 'grown', titleId: 'b', stage: 'opened' });
    for (const profileId of ['x', 'y']) await running.report({ profileId, titleId: 'b' });
    await until('all of it is taken in', async () => (await rowsOf(running, 'grown'))['popular']?.join() === 'b,a');
    const { cards } = await running.client.getCards({ titleIds: ['a', 'b'] }, running.by('grown'));
    assert.deepEqual(
      cards.map(({ titleId, positionMs }) => ({ titleId, positionMs })),
      [
        { titleId: 'a', positionMs: 20_000 },
        { titleId: 'b', positionMs: 0 },
      ],
    );
  });

  it('stays within the profile’s age, country and language', async () => {
    await using folder = await stateFolder();
    const around = surroundings([
      fresh('all'),
      fresh('adult', { maturity: 16 }),
      fresh('unrated', { maturity: 18, isRated: false }),
      fresh('french', { windows: [{ country: 'FR' }] }),
      fresh('over', { windows: [{ country: '*', untilMs: 1 }] }),
      fresh('named', { translations: [{ language: 'ar', name: 'مدينة' }] }),
    ]);
    around.profiles['arabic'] = { maturityMax: 12, language: 'ar' };
    await using running = await startHome(folder.path, around);
    await untilKnown(running);
    const seen = async (profileId: string, country: string): Promise<string[]> =>
      (await running.client.getHome({}, running.by(profileId, { country }))).cards.map(({ titleId }) => titleId).sort();
    assert.deepEqual(await seen('grown', 'DE'), ['adult', 'all', 'named', 'unrated']);
    assert.deepEqual(await seen('grown', 'FR'), ['adult', 'all', 'french', 'named', 'unrated']);
    assert.deepEqual(await seen('grown', ''), ['adult', 'all', 'named', 'unrated']);
    assert.deepEqual(await seen('kid', 'DE'), ['all', 'named']);
    const [card] = (await running.client.search({ text: 'مدينه' }, running.by('arabic'))).cards;
    assert.equal(card?.name, 'مدينة');
    assert.deepEqual((await running.client.search({ text: 'adult' }, running.by('kid'))).cards, []);
    assert.deepEqual((await running.client.getCards({ titleIds: ['adult', 'all'] }, running.by('kid'))).cards.length, 1);
    await assert.rejects(running.client.addToList({ titleId: 'adult' }, running.by('kid')), refusedWith('not_found', /for this profile/));
    await assert.rejects(
      running.client.setThumb({ titleId: 'french', thumb: Thumb.UP }, running.by('grown')),
      refusedWith('not_found', /./),
    );
  });

  it('follows the catalogue by its events', async () => {
    await using folder = await stateFolder();
    const around = surroundings([fresh('a'), fresh('b')]);
    await using running = await startHome(folder.path, around);
    await untilKnown(running);
    around.titles = [fresh('a', { maturity: 12 }), fresh('c')];
    await running.announceTitles('a', 'b', 'c');
    await until('the change is seen', async () => (await rowsOf(running, 'grown'))['new']?.join() === 'a,c');
    assert.deepEqual((await rowsOf(running, 'kid'))['new'], ['c']);
    around.titles = [...around.titles, ...madeSeries('show', 1, { createdAtMs: NOW_MS })];
    await running.announceTitles('show-1-1');
    await until('the series is seen', async () => (await rowsOf(running, 'grown'))['new']?.includes('show') === true);
    around.people = [create(PersonSchema, { id: 'ada', name: 'Ada' })];
    around.titles = [fresh('a', { people: [{ personId: 'ada', name: 'Ada', job: 'director' }] })];
    await running.announcePeople();
    await until('the person is found', async () => (await running.client.search({ text: 'ad' }, running.by('grown'))).people.length === 1);
    const { people, cards } = await running.client.search({ text: 'ada' }, running.by('grown'));
    assert.partialDeepStrictEqual(people, [{ personId: 'ada', name: 'Ada', titleIds: ['a'] }]);
    assert.deepEqual(
      cards.map(({ titleId }) => titleId),
      ['a'],
    );
  });
});

describe('a list and thumbs', () => {
  it('are each profile’s own, in its order, and an episode stands for its series', async () => {
    await using folder = await stateFolder();
    await using running = await startHome(folder.path, surroundings([fresh('a'), fresh('b'), ...madeSeries('show', 1)]));
    await untilKnown(running);
    const { client } = running;
    const by = running.by('grown');
    for (const titleId of ['a', 'show-1-1', 'b', 'a']) await client.addToList({ titleId }, by);
    assert.deepEqual((await client.moveInList({ titleId: 'a', beforeTitleId: 'show' }, by)).titleIds, ['b', 'a', 'show']);
    assert.deepEqual((await client.removeFromList({ titleId: 'b' }, by)).titleIds, ['a', 'show']);
    await client.setThumb({ titleId: 'show-1', thumb: Thumb.UP }, by);
    await client.setThumb({ titleId: 'a', thumb: Thumb.DOWN }, by);
    await client.setThumb({ titleId: 'a', thumb: Thumb.NONE }, by);
    assert.deepEqual(
      (await client.getList({}, by)).cards.map(({ titleId, thumb, inList }) => ({ titleId, thumb, inList })),
      [
        { titleId: 'a', thumb: Thumb.NONE, inList: true },
        { titleId: 'show', thumb: Thumb.UP, inList: true },
      ],
    );
    assert.deepEqual((await client.getList({}, running.by('kid'))).cards, []);
    await assert.rejects(client.moveInList({ titleId: 'b' }, by), refusedWith('failed_precondition', /not in the list/));
  });

  it('lose nothing when many devices change them at once', async () => {
    await using folder = await stateFolder();
    const ids = Array.from({ length: 4 }, (_, index) => `t${index}`);
    await using running = await startHome(folder.path, surroundings(ids.map((id) => fresh(id))));
    await untilKnown(running);
    await Promise.all(ids.map((titleId) => running.client.addToList({ titleId }, running.by('grown'))));
    assert.deepEqual((await running.client.getList({}, running.by('grown'))).cards.map(({ titleId }) => titleId).sort(), ids);
  });

  it('are forgotten with the profile, and only then', async () => {
    await using folder = await stateFolder();
    await using running = await startHome(folder.path, surroundings([fresh('a'), fresh('b')]));
    await untilKnown(running);
    for (const profileId of ['grown', 'kid']) {
      await running.client.addToList({ titleId: 'a' }, running.by(profileId));
      await running.client.setThumb({ titleId: 'a', thumb: Thumb.UP }, running.by(profileId));
      await running.report({ profileId, titleId: 'b' });
    }
    await until('both are taken in', async () => (await rowsOf(running, 'kid'))['continue'] !== undefined);
    await running.announceProfile('profile.removed', { profileId: 'grown' });
    await until('it is gone', () =>
      running.client.getList({}, running.by('grown')).then(
        () => false,
        (fault: unknown) => fault instanceof RpcError && fault.code === 'failed_precondition' && /was removed/.test(fault.message),
      ),
    );
    await running.report({ profileId: 'grown', titleId: 'b' });
    await running.report({ profileId: 'kid', titleId: 'a' });
    await until('later reports are taken in', async () => (await rowsOf(running, 'kid'))['continue']?.length === 2);
    const left = await running.kv.items.get({ namespace: 'home_profiles', record: 'grown' });
    assert.deepEqual(
      left.items.map(({ key }) => Buffer.from(key).toString()),
      ['removed'],
    );
    assert.equal(await running.kv.registers.read({ namespace: 'home_lists', name: 'grown' }), null);
    assert.equal((await running.client.getList({}, running.by('kid'))).cards.length, 1);
  });
});

describe('who asks', () => {
  it('must be a member with a profile', async () => {
    await using folder = await stateFolder();
    await using running = await startHome(folder.path, surroundings([fresh('a')]));
    await untilKnown(running);
    const { client } = running;
    await assert.rejects(client.getHome({}), refusedWith('unauthenticated', /./));
    await assert.rejects(client.getHome({}, running.by('grown', { accountId: '' })), refusedWith('unauthenticated', /sign in/));
    await assert.rejects(client.getHome({}, running.by('')), refusedWith('failed_precondition', /choose a profile/));
    await assert.rejects(client.getHome({}, running.by('stranger')), refusedWith('failed_precondition', /no such profile/));
    await assert.rejects(client.getHome({ titlesPerRow: 76 }, running.by('grown')), refusedWith('invalid_argument', /at most 75/));
    await assert.rejects(client.addToList({ titleId: '../x' }, running.by('grown')), refusedWith('invalid_argument', /title_id/));
  });

  it('is known from events, and from identity when an event has not come', async () => {
    await using folder = await stateFolder();
    const around = surroundings([fresh('a'), fresh('adult', { maturity: 18 })]);
    await using running = await startHome(folder.path, around);
    await untilKnown(running);
    around.down.add('identity');
    assert.deepEqual((await rowsOf(running, 'late'))['new'], ['a'], 'while nothing is known, what is for everybody');
    await running.announceProfile('profile.created', { profileId: 'late', maturityMax: 18 });
    await until('the profile is known', async () => (await rowsOf(running, 'late'))['new']?.length === 2);
    await running.announceProfile('profile.changed', { profileId: 'late', maturityMax: 18, isKids: true });
    await until('the profile is a kid’s', async () => (await rowsOf(running, 'late'))['new']?.length === 1);
    assert.deepEqual((await rowsOf(running, 'grown'))['new'], ['a', 'adult'], 'identity was asked once and for all');
    const asKid = await running.client.getHome({}, running.by('grown', { isKids: true }));
    assert.deepEqual(asKid.cards.length, 1, 'the passport’s word counts too');
  });
});

describe('when others are down', () => {
  it('pages go on with the catalogue that is known, and begin when it answers', async () => {
    await using folder = await stateFolder();
    const around = surroundings([fresh('a')]);
    around.down.add('catalog');
    await using running = await startHome(folder.path, around);
    await assert.rejects(running.client.getHome({}, running.by('grown')), refusedWith('unavailable', /has not answered yet/));
    around.down.clear();
    await untilKnown(running);
    around.down.add('catalog');
    await running.announceTitles('a');
    assert.deepEqual((await rowsOf(running, 'grown'))['new'], ['a']);
  });

  it('a store that is down is said to be, and nothing is pretended', async () => {
    await using folder = await stateFolder();
    let isDown = false;
    const failing = (kv: KvStore): KvStore => ({
      ...kv,
      items: {
        ...kv.items,
        get: (request, options) => (isDown ? Promise.reject(new KvFault('KV_UNAVAILABLE', 'gone')) : kv.items.get(request, options)),
      },
    });
    await using running = await startHome(folder.path, surroundings([fresh('a')]), failing);
    await untilKnown(running);
    isDown = true;
    await assert.rejects(running.client.getHome({}, running.by('grown')), refusedWith('unavailable', /try again/));
    isDown = false;
    assert.deepEqual((await rowsOf(running, 'grown'))['new'], ['a']);
  });
});
