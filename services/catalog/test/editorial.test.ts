import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { RpcError } from '@bioscope/rpc';

import { PEOPLE_TOPIC, TitleKind, TITLES_TOPIC, TitleState } from '../contract/index.ts';
import { madeEdition } from './made-edition.ts';
import { startCatalog, stateFolder, until, type RunningCatalog } from './running-catalog.ts';

const film = (titleId: string, name = titleId) => ({ titleId, name });

const refusedWith =
  (code: string, message: RegExp) =>
  (fault: unknown): boolean => {
    assert.ok(fault instanceof RpcError, String(fault));
    assert.equal(fault.code, code, fault.message);
    assert.match(fault.message, message);
    return true;
  };

const idsOf = (titles: readonly { readonly id: string }[]): string[] => titles.map(({ id }) => id);

/** Series "show" with season "show-1" of episodes "e1" and "e2"; "e1" can be watched. */
async function makeSeries(running: RunningCatalog): Promise<void> {
  const editorial = running.editorialAs('gateway');
  await editorial.createSeries({ titleId: 'show', name: 'The show' });
  await editorial.addSeason({ titleId: 'show-1', seriesId: 'show', number: 1 });
  for (const number of [2, 1]) {
    await running.as('studio').createTitle(film(`e${number}`));
    await editorial.placeEpisode({ titleId: `e${number}`, seasonId: 'show-1', number });
  }
  await running.as('studio').publishEdition({ edition: madeEdition({ titleId: 'e1' }) });
}

describe('a series', () => {
  it('is made of films in seasons, and is told in order', async () => {
    await using folder = await stateFolder();
    {
      await using running = await startCatalog(folder.path);
      await makeSeries(running);
    }
    await using running = await startCatalog(folder.path);
    const read = running.as('home');
    assert.deepEqual(idsOf((await read.listTitles({ belowId: 'show' })).titles), ['show-1', 'e1', 'e2']);
    assert.partialDeepStrictEqual((await read.getTitle({ titleId: 'show' })).title, {
      kind: TitleKind.SERIES,
      state: TitleState.PLAYABLE,
      episodes: 1,
    });
    assert.partialDeepStrictEqual((await read.getTitle({ titleId: 'e1' })).title, { seriesId: 'show', seasonNumber: 1, number: 1 });
  });

  it('has each number once, and nothing in the wrong place', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await makeSeries(running);
    const editorial = running.editorialAs('gateway');
    await running.as('studio').createTitle(film('e3'));
    const place = (titleId: string, seasonId: string, number: number) => editorial.placeEpisode({ titleId, seasonId, number });
    await assert.rejects(place('e3', 'show-1', 1), refusedWith('failed_precondition', /episode 1 of season show-1 is e1 already/));
    await assert.rejects(place('e3', 'show', 1), refusedWith('failed_precondition', /there is no season show/));
    await assert.rejects(place('e3', 'show-1', 0), refusedWith('failed_precondition', /number is 0/));
    await assert.rejects(place('show', 'show-1', 9), refusedWith('failed_precondition', /series or season/));
    await assert.rejects(
      editorial.addSeason({ titleId: 'show-1b', seriesId: 'show', number: 1 }),
      refusedWith('failed_precondition', /season 1 of series show is show-1 already/),
    );
    await assert.rejects(
      running.as('studio').publishEdition({ edition: madeEdition({ id: 'ed9', titleId: 'show' }) }),
      refusedWith('failed_precondition', /only movies and episodes/),
    );
    await place('e1', 'show-1', 1);
    assert.equal((await editorial.placeEpisode({ titleId: 'e1' })).title?.kind, TitleKind.MOVIE, 'taken out, it stands alone again');
  });

  it('goes after what is below it', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await makeSeries(running);
    const remove = (titleId: string) => running.as('gateway').removeTitle({ titleId });
    await assert.rejects(remove('show'), refusedWith('failed_precondition', /still has 3 seasons and episodes/));
    for (const titleId of ['e1', 'e2', 'show-1', 'show']) await remove(titleId);
    assert.deepEqual((await running.as('gateway').listTitles({})).titles, []);
  });
});

describe('describing a title', () => {
  it('changes what is given and leaves the rest', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await running.as('studio').createTitle({ ...film('film1', 'Film'), synopsis: 'S', year: 1999 });
    const describe = running.editorialAs('gateway').describeTitle;
    await describe({
      titleId: 'film1',
      genres: { ids: ['short', 'comedy'] },
      rating: { maturity: 6 },
      originalLanguage: 'EN-us',
      synopsisShort: ' In short. ',
      translations: { translations: [{ language: 'de', name: 'Der Film', synopsis: '', synopsisShort: '' }] },
    });
    const { title } = await describe({ titleId: 'film1', year: 2000 });
    assert.partialDeepStrictEqual(title, {
      name: 'Film',
      synopsis: 'S',
      synopsisShort: 'In short.',
      year: 2000,
      genres: ['comedy', 'short'],
      maturity: 6,
      isRated: true,
      originalLanguage: 'en-US',
    });
    const german = (await running.as('graph').getTitle({ titleId: 'film1', language: 'de-AT' })).title;
    assert.partialDeepStrictEqual(german, { name: 'Der Film', synopsis: 'S', synopsisShort: 'In short.' });
    assert.deepEqual(german?.translations, []);
    assert.partialDeepStrictEqual((await describe({ titleId: 'film1', rating: {} })).title, { maturity: 18, isRated: false });
    const { version } = await running.kv.streams.read({ namespace: 'catalog_titles', stream: 'film1' });
    await describe({ titleId: 'film1', year: 2000, rating: {} });
    const now = await running.kv.streams.read({ namespace: 'catalog_titles', stream: 'film1' });
    assert.equal(now.version, version, 'what is already so is no event');
  });

  it('is refused with every fault at once, and by anybody but operators', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await running.as('studio').createTitle(film('film1'));
    const describe = running.editorialAs('gateway').describeTitle;
    await assert.rejects(
      describe({
        titleId: 'film1',
        name: ' ',
        genres: { ids: ['nonsense'] },
        rating: { maturity: 7 },
        originalLanguage: 'not a language',
        translations: {
          translations: [
            { language: 'de', name: 'x' },
            { language: 'DE', name: 'y' },
          ],
        },
      }),
      refusedWith('invalid_argument', /name is empty.*original_language.*no "nonsense".*maturity is 7.*"de" twice/),
    );
    await assert.rejects(describe({ titleId: 'nobody', year: 2000 }), refusedWith('not_found', /no title nobody/));
    await assert.rejects(running.editorialAs('studio').describeTitle({ titleId: 'film1' }), refusedWith('permission_denied', /./));
  });
});

describe('windows', () => {
  it('are per country, and the catalogue lists what is offered there now and suits the age', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    const editorial = running.editorialAs('gateway');
    for (const id of ['here', 'there', 'nowhere', 'any']) await running.as('studio').createTitle(film(id));
    await editorial.setWindows({ titleId: 'here', windows: [{ country: 'DE' }] });
    await editorial.setWindows({ titleId: 'there', windows: [{ country: '*' }, { country: 'DE', untilMs: 1 }] });
    await editorial.setWindows({ titleId: 'nowhere' });
    await editorial.describeTitle({ titleId: 'here', rating: { maturity: 6 } });
    const listed = async (country: string, maturityMax?: number) => {
      const filter = maturityMax === undefined ? {} : { maturityMax };
      return idsOf((await running.as('home').listTitles({ offeredIn: country, ...filter })).titles).sort();
    };
    assert.deepEqual(await listed('DE'), ['any', 'here']);
    assert.deepEqual(await listed('FR'), ['any', 'there']);
    assert.deepEqual(await listed('DE', 12), ['here'], 'what nobody rated is for adults');
    assert.deepEqual((await editorial.setWindows({ titleId: 'nowhere', inherit: true })).title?.windows.length, 1);
    assert.deepEqual(await listed('DE'), ['any', 'here', 'nowhere']);
    await assert.rejects(
      editorial.setWindows({ titleId: 'here', inherit: true, windows: [{ country: 'DE' }] }),
      refusedWith('invalid_argument', /only one of them/),
    );
  });
});

describe('people', () => {
  it('are credited by titles, renamed everywhere at once, and gone when removed', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    const people = running.peopleAs('gateway');
    const announced: string[] = [];
    const subscription = running.log.subscribe({ topic: PEOPLE_TOPIC, group: 'test' }, (records) => {
      announced.push(...records.map(({ key, type }) => `${key} ${type}`));
      return Promise.resolve();
    });
    await people.putPerson({ personId: 'ada', name: ' Ada ', otherNames: ['آدا', 'Ada', ''] });
    await running.as('studio').createTitle(film('film1'));
    const set = running.editorialAs('gateway').setPeople;
    await set({ titleId: 'film1', people: [{ personId: 'ada', job: 'cast', role: 'Herself' }] });
    await people.putPerson({ personId: 'ada', name: 'Ada L.' });
    const credits = async () => (await running.as('home').listTitles({ personId: 'ada' })).titles[0]?.people;
    assert.partialDeepStrictEqual(await credits(), [{ personId: 'ada', name: 'Ada L.', job: 'cast', role: 'Herself' }]);
    await assert.rejects(
      set({
        titleId: 'film1',
        people: [
          { personId: 'bob', job: 'cast' },
          { personId: 'ada', job: 'king' },
        ],
      }),
      refusedWith('invalid_argument', /people\[0\]: there is no person "bob"; people\[1\]: job is "king"/),
    );
    await people.removePerson({ personId: 'ada' });
    assert.deepEqual(await credits(), []);
    assert.deepEqual((await running.peopleAs('home').listPeople({})).people, []);
    await assert.rejects(people.getPerson({ personId: 'ada' }), refusedWith('not_found', /no person ada/));
    await until('all of it is announced', () => announced.length === 3);
    await subscription.close();
    assert.deepEqual(announced, ['ada person.put', 'ada person.put', 'ada person.removed']);
  });

  it('are told page by page after a restart', async () => {
    await using folder = await stateFolder();
    {
      await using running = await startCatalog(folder.path);
      for (const personId of ['c', 'a', 'b']) await running.peopleAs('gateway').putPerson({ personId, name: personId.toUpperCase() });
    }
    await using running = await startCatalog(folder.path);
    const people = running.peopleAs('graph');
    const first = await people.listPeople({ pageSize: 2 });
    assert.deepEqual(idsOf(first.people), ['a', 'b']);
    assert.deepEqual(await people.listPeople({ pageSize: 2, cursor: first.nextCursor }), {
      $typeName: 'bioscope.catalog.v1.ListPeopleResponse',
      people: [{ $typeName: 'bioscope.catalog.v1.Person', id: 'c', name: 'C', otherNames: [], version: 1 }],
      nextCursor: '',
    });
  });
});

describe('many titles', () => {
  it('come in pages, by kind, and by their ids', async () => {
    await using folder = await stateFolder();
    await using running = await startCatalog(folder.path);
    await makeSeries(running);
    await running.as('studio').createTitle(film('m1'));
    const read = running.as('graph');
    const told: string[] = [];
    let cursor = '';
    do {
      const page = await read.listTitles({ pageSize: 2, cursor });
      told.push(...idsOf(page.titles));
      cursor = page.nextCursor;
    } while (cursor !== '');
    assert.deepEqual(told.toSorted(), ['e1', 'e2', 'm1', 'show', 'show-1']);
    assert.deepEqual(idsOf((await read.listTitles({ kinds: [TitleKind.MOVIE, TitleKind.SERIES] })).titles).toSorted(), ['m1', 'show']);
    assert.deepEqual(idsOf((await read.getTitles({ titleIds: ['e2', 'nobody', 'm1'] })).titles), ['e2', 'm1']);
    await assert.rejects(read.listTitles({ cursor: '?' }), refusedWith('invalid_argument', /cursor/));
    await assert.rejects(read.listTitles({ pageSize: 1001 }), refusedWith('invalid_argument', /at most 1000/));
  });
});

describe('titles that an older release left', () => {
  it('are read, changed and announced as before', async () => {
    await using folder = await stateFolder();
    {
      await using running = await startCatalog(folder.path);
      const event = (type: string, data: object) => ({ type, data: Buffer.from(JSON.stringify(data)) });
      const description = { name: 'Old', synopsis: '', year: 0, credit: '', licence: '', sourceUrl: '' };
      await running.kv.streams.append({
        namespace: 'catalog_titles',
        stream: 'old',
        expectedVersion: 0,
        events: [event('title.created', { atMs: 5, ...description }), event('availability.set', { fromMs: 10, untilMs: 20 })],
        commandId: 'x',
      });
      await until('the title is on the shelf', async () => (await running.as('home').listTitles({})).titles.length === 1);
    }
    await using running = await startCatalog(folder.path);
    const types: string[] = [];
    const subscription = running.log.subscribe({ topic: TITLES_TOPIC, group: 'test' }, (records) => {
      types.push(...records.map(({ type }) => type));
      return Promise.resolve();
    });
    assert.partialDeepStrictEqual((await running.as('home').getTitle({ titleId: 'old' })).title, {
      kind: TitleKind.MOVIE,
      availableFromMs: 10,
      availableUntilMs: 20,
      windows: [{ country: '*', fromMs: 10, untilMs: 20 }],
    });
    await running.as('gateway').setAvailability({ titleId: 'old', availableFromMs: 10, availableUntilMs: 30 });
    await until('the change is announced', () => types.length === 3);
    await subscription.close();
    assert.deepEqual(types, ['title.created', 'availability.set', 'windows.set']);
  });
});
