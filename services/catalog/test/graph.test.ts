import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { json } from 'node:stream/consumers';

import { PASSPORTS, startCatalog, stateFolder, until, type RunningCatalog } from './running-catalog.ts';

type Answer = {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { code: string } }[];
};

describe('the catalogue’s part of the graph', () => {
  let folder: Awaited<ReturnType<typeof stateFolder>>;
  let running: RunningCatalog;
  before(async () => {
    folder = await stateFolder();
    running = await startCatalog(folder.path, undefined, {
      environment: { BIOSCOPE_MEMBERS: 'required' },
      hidden: new Set(['secret', 'e3']),
    });
    const [studio, editorial, people] = [running.as('studio'), running.editorialAs('gateway'), running.peopleAs('gateway')];
    for (const [titleId, name] of [
      ['film', 'The Film'],
      ['secret', 'Not for everybody'],
      ['e1', 'First'],
      ['e2', 'Second'],
      ['e3', 'Third'],
    ] as const) {
      await studio.createTitle({ titleId, name, synopsis: `What ${name} is about.`, year: 2020 });
    }
    await editorial.createSeries({ titleId: 'series', name: 'The Series' });
    await editorial.addSeason({ titleId: 's1', seriesId: 'series', number: 1 });
    await editorial.addSeason({ titleId: 's2', seriesId: 'series', number: 2 });
    await editorial.placeEpisode({ titleId: 'e2', seasonId: 's1', number: 2 });
    await editorial.placeEpisode({ titleId: 'e1', seasonId: 's1', number: 1 });
    await editorial.placeEpisode({ titleId: 'e3', seasonId: 's2', number: 1 });
    await editorial.describeTitle({
      titleId: 'film',
      genres: { ids: ['drama'] },
      translations: { translations: [{ language: 'de', name: 'Der Film' }] },
    });
    await people.putPerson({ personId: 'p1', name: 'Ada' });
    const credit = { personId: 'p1', job: 'cast', role: 'Herself' };
    for (const titleId of ['film', 'secret', 'e1']) await editorial.setPeople({ titleId, people: [credit] });
  });
  after(async () => {
    await running[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  async function ask(query: string, variables: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await running.fetchAs('graph')('catalog', '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...PASSPORTS.headersFor({ accountId: 'a', profileId: 'p' }), ...headers },
      body: Buffer.from(JSON.stringify({ query, variables })),
    });
    assert.equal(answer.status, 200);
    return (await json(answer.body)) as Answer;
  }

  it('describes a title in the language of who asks', async () => {
    const query =
      '{ title(id: "film") { id kind state name synopsis year genres people { job role person { id name } } number heightMax } }';
    const german = await ask(query, {}, { 'accept-language': 'de-CH, de;q=0.9' });
    assert.deepEqual(german, {
      data: {
        title: {
          id: 'film',
          kind: 'MOVIE',
          state: 'PREPARING',
          name: 'Der Film',
          synopsis: 'What The Film is about.',
          year: 2020,
          genres: ['drama'],
          people: [{ job: 'cast', role: 'Herself', person: { id: 'p1', name: 'Ada' } }],
          number: null,
          heightMax: null,
        },
      },
    });
    assert.deepEqual(await ask('{ title(id: "film") { name } }'), { data: { title: { name: 'The Film' } } });
  });

  it('shows series by season and episode, without what may not be seen', async () => {
    const { data } = await ask(
      '{ title(id: "series") { seasons { number episodes { name number seasonNumber series { id } } } episodes { id } } }',
    );
    const episode = (name: string, number: number) => ({ name, number, seasonNumber: 1, series: { id: 'series' } });
    assert.deepEqual(data?.['title'], {
      seasons: [
        { number: 1, episodes: [episode('First', 1), episode('Second', 2)] },
        { number: 2, episodes: [] },
      ],
      episodes: [{ id: 'e1' }, { id: 'e2' }],
    });
  });

  it('hides titles wherever they are asked for: by id, as entities, below people', async () => {
    assert.deepEqual(await ask('{ title(id: "secret") { id } }'), { data: { title: null } });
    const representations = ['film', 'secret', 'nothing', 'e1'].map((id) => ({ __typename: 'Title', id }));
    const entities = await ask('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Title { name } } }', { r: representations });
    assert.deepEqual(entities.data?.['_entities'], [{ name: 'The Film' }, null, null, { name: 'First' }]);
    const { data } = await ask('{ person(id: "p1") { name titles { id } } nobody: person(id: "p2") { id } }');
    // Newest first.
    assert.deepEqual(data, { person: { name: 'Ada', titles: [{ id: 'e1' }, { id: 'film' }] }, nobody: null });
  });

  it('shows nothing when nobody can say what may be seen, and says so', async () => {
    await using another = await stateFolder();
    await using alone = await startCatalog(another.path, undefined, { environment: { BIOSCOPE_MEMBERS: 'required' } });
    alone.rights.answer = 'down';
    await alone.as('studio').createTitle({ titleId: 'film', name: 'The Film' });
    await until('the title is there', async () => (await alone.as('graph').getTitles({ titleIds: ['film'] })).titles.length === 1);
    const answer = await alone.fetchAs('graph')('catalog', '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...PASSPORTS.headersFor({}) },
      body: Buffer.from(JSON.stringify({ query: '{ title(id: "film") { id } }' })),
    });
    const { data, errors } = (await json(answer.body)) as Answer;
    assert.equal(data?.['title'], null);
    assert.equal(errors?.length, 1);
  });

  it('is for the graph’s gateway with a passport, and for nobody else', async () => {
    const body = Buffer.from('{"query":"{ title(id: \\"film\\") { id } }"}');
    const without = await running.fetchAs('graph')('catalog', '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(without.status, 401);
    const headers = { 'content-type': 'application/json', ...PASSPORTS.headersFor({}) };
    assert.equal((await running.fetchAs('playback')('catalog', '/graphql', { method: 'POST', headers, body })).status, 403);
  });
});
