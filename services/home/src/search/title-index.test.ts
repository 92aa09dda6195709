import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { create } from '@bufbuild/protobuf';
import { PersonSchema } from '@bioscope/catalog/contract';

import { madeMovie, madeSeries } from '../../test/made-titles.ts';
import { libraryOf } from '../domain/library.ts';
import { titleIndex, type TitleIndex } from './title-index.ts';

const person = (id: string, name: string, otherNames: string[] = []) => create(PersonSchema, { id, name, otherNames });
const named = (id: string, name: string, translations: Record<string, string> = {}) =>
  madeMovie(id, { name, translations: Object.entries(translations).map(([language, each]) => ({ language, name: each })) });

const TITLES = [
  named('amelie', 'Amélie', { ar: 'أميلي', hi: 'एमिली' }),
  named('city', 'The Silent City', { ar: 'المدينة الصامتة', hi: 'ख़ामोश शहर' }),
  named('kate', 'Kate'),
  madeMovie('credits', { name: 'Something Else', people: [{ personId: 'tautou', name: 'Audrey Tautou', job: 'cast' }] }),
  ...madeSeries('show', 2, { name: 'Small Infinities' }),
];
const PEOPLE = [person('tautou', 'Audrey Tautou', ['أودري توتو']), person('kurosawa', 'Akira Kurosawa', ['黒澤明'])];

function filled(titles = TITLES, people = PEOPLE): TitleIndex {
  const index = titleIndex();
  index.update(libraryOf(titles), people);
  return index;
}
const find = (index: Pick<TitleIndex, 'find'>, text: string, maySee: (kind: string, id: string) => boolean = () => true) =>
  index.find(text, { showsMax: 10, peopleMax: 10, maySee });

describe('search while typing', () => {
  it('finds unfinished, unaccented and mistyped words', () => {
    const index = filled();
    for (const text of ['ame', 'AMELIE', 'amélie', 'amellie', 'amleie', ' amelie  '])
      assert.deepEqual(find(index, text).shows, ['amelie'], text);
    assert.deepEqual(find(index, 'silent c').shows, ['city']);
    assert.deepEqual(find(index, 'cty silent').shows, ['city'], 'any word of several, when not all fit');
    assert.deepEqual(find(index, 'kat').shows, ['kate']);
  });

  it('finds titles by their names in other languages and scripts', () => {
    const index = filled();
    for (const text of ['اميلي', 'أميلي', 'एमिली']) assert.deepEqual(find(index, text).shows, ['amelie'], text);
    for (const text of ['مدينة', 'المدين', 'खामोश', 'ख़ामोश शह']) assert.deepEqual(find(index, text).shows, ['city'], text);
  });

  it('finds people, and titles by their people and episodes', () => {
    const index = filled();
    assert.deepEqual(find(index, 'tautou'), { shows: ['credits'], people: ['tautou'] });
    assert.deepEqual(find(index, 'اودري').people, ['tautou']);
    assert.deepEqual(find(index, 'kurosava').people, ['kurosawa']);
    assert.deepEqual(find(index, 'infinities').shows, ['show']);
    assert.deepEqual(find(index, 'episode 2').shows, ['show']);
  });

  it('tells nothing that may not be seen, and nothing for nothing', () => {
    const index = filled();
    assert.deepEqual(
      find(index, 'tautou', (kind) => kind === 'person'),
      { shows: [], people: ['tautou'] },
    );
    for (const text of ['', ' ', '!?', '\u064b']) assert.deepEqual(find(index, text), { shows: [], people: [] }, JSON.stringify(text));
    assert.deepEqual(index.find('a', { showsMax: 1, peopleMax: 0, maySee: () => true }).shows.length, 1);
  });

  it('follows what is renamed, added and removed', () => {
    const index = filled();
    index.update(libraryOf([named('kate', 'Katharina'), named('new', 'Novelty')]), []);
    assert.deepEqual(find(index, 'novelty').shows, ['new']);
    assert.deepEqual(find(index, 'katharina').shows, ['kate']);
    assert.deepEqual(find(index, 'amelie'), { shows: [], people: [] });
    assert.deepEqual(find(index, 'tautou').people, []);
    index.update(libraryOf(TITLES), PEOPLE);
    assert.deepEqual(find(index, 'amelie').shows, ['amelie'], 'what comes back is found again');
  });
});
