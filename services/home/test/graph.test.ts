import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { madeMovie } from './made-titles.ts';
import { startHome, stateFolder, surroundings, until } from './running-home.ts';

const NOW_MS = Date.now();
const CARD = 'title { id } playId positionMs isInMyList thumb';

describe('home’s part of the graph', () => {
  it('is the page, the list, the thumbs and the search of the profile that asks', async () => {
    await using folder = await stateFolder();
    const titles = [madeMovie('a', { createdAtMs: NOW_MS }), madeMovie('b', { createdAtMs: NOW_MS - 1, name: 'Aurora' })];
    await using running = await startHome(folder.path, surroundings(titles));
    const ask = (query: string, profileId = 'grown') => running.ask({ accountId: 'account', profileId, country: 'DE' }, query);
    await until('the catalogue is known', async () => (await ask('{ home { rows { id } } }')).errors === undefined);
    const page = await ask(`{ home { billboard { title { id } } rows { id kind genre about { id } cards { ${CARD} } } } }`);
    const card = (id: string, changes = {}) => ({ title: { id }, playId: id, positionMs: 0, isInMyList: false, thumb: 'NONE', ...changes });
    const home = page.data?.['home'] as { rows: { id: string; kind: string; cards: unknown[] }[] };
    assert.partialDeepStrictEqual(home.rows[0], { id: 'new', kind: 'NEW', genre: null, about: null, cards: [card('a'), card('b')] });
    const listed = await ask(`mutation { one: addToMyList(titleId: "b") { ${CARD} } two: rate(titleId: "b", thumb: UP) { ${CARD} } }`);
    assert.deepEqual(listed, { data: { one: card('b', { isInMyList: true }), two: card('b', { isInMyList: true, thumb: 'UP' }) } });
    assert.deepEqual(await ask(`{ myList { ${CARD} } }`), { data: { myList: [card('b', { isInMyList: true, thumb: 'UP' })] } });
    assert.deepEqual(await ask('{ search(text: "auro") { cards { title { id } } people { name } } }'), {
      data: { search: { cards: [{ title: { id: 'b' } }], people: [] } },
    });
    assert.deepEqual(await ask('mutation { removeFromMyList(titleId: "b") { isInMyList } }'), {
      data: { removeFromMyList: { isInMyList: false } },
    });
    const entities =
      '{ _entities(representations: [{ __typename: "Title", id: "b" }, { __typename: "Title", id: "none" }]) { ... on Title { card { thumb } } } }';
    assert.deepEqual(await ask(entities), { data: { _entities: [{ card: { thumb: 'UP' } }, { card: null }] } });
  });

  it('is empty until a profile is chosen', async () => {
    await using folder = await stateFolder();
    await using running = await startHome(folder.path, surroundings([madeMovie('a')]));
    const query =
      '{ home { rows { id } } myList { playId } search(text: "a") { cards { playId } } _entities(representations: [{ __typename: "Title", id: "a" }]) { ... on Title { card { thumb } } } }';
    assert.deepEqual(await running.ask({ accountId: 'account' }, query), {
      data: { home: null, myList: [], search: { cards: [] }, _entities: [{ card: null }] },
    });
  });
});
