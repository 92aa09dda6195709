import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SentCard } from '../cards/card.ts';
import { readHome, type SentHome } from './home-content.ts';

const card = (id: string | null): SentCard => ({
  playId: id,
  durationMs: 1,
  positionMs: 0,
  seasonNumber: null,
  episodeNumber: null,
  episodeName: null,
  isInMyList: false,
  thumb: 'NONE',
  title:
    id === null
      ? null
      : {
          id,
          kind: 'MOVIE',
          state: 'PLAYABLE',
          name: id,
          year: null,
          durationMs: 1,
          maturity: 0,
          isRated: true,
          heightMax: null,
          posterPath: null,
          backdropPath: null,
        },
});
const row = (kind: 'NEW' | 'BECAUSE' | 'GENRE', more: object = {}) => ({
  id: kind,
  kind,
  about: null,
  genre: null,
  cards: [card('a')],
  ...more,
});

it('rows come in their order with their names, without cards that may not be seen any more', () => {
  const sent: SentHome = {
    home: {
      billboard: null,
      rows: [
        row('NEW', { cards: [card(null), card('b')] }),
        row('BECAUSE', { about: { id: 'x', name: 'Heidi' } }),
        row('GENRE', { genre: 'drama' }),
      ],
    },
  };
  assert.deepEqual(
    readHome(sent).rows.map(({ name, cards }) => [name, cards.map(({ title }) => title.id)]),
    [
      [{ kind: 'new' }, ['b']],
      [{ kind: 'because', title: 'Heidi' }, ['a']],
      [{ kind: 'genre', genre: 'drama' }, ['a']],
    ],
  );
});
it('a row that cannot be named or has nothing to show is not there', () => {
  const rows = [row('BECAUSE'), row('GENRE'), row('NEW', { cards: [card(null)] })];
  assert.deepEqual(readHome({ home: { billboard: null, rows } }).rows, []);
});
it('before a profile is chosen there is nothing', () => {
  assert.deepEqual(readHome({ home: null }), { billboard: undefined, rows: [] });
});
