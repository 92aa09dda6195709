import assert from 'node:assert/strict';
import { it } from 'node:test';
import { cardsOf, watchedShare, wayToPlay, type SentCard, type Standing } from './card.ts';

const NEW: Standing = {
  playId: 'film',
  durationMs: 60_000,
  positionMs: 0,
  seasonNumber: null,
  episodeNumber: null,
  episodeName: null,
  isInMyList: false,
  thumb: 'NONE',
};

it('a film plays or goes on, a series says with which episode, and what is not ready plays nothing', () => {
  assert.deepEqual(wayToPlay(NEW), { kind: 'play', playId: 'film' });
  assert.deepEqual(wayToPlay({ ...NEW, positionMs: 5 }), { kind: 'resume', playId: 'film' });
  const episode = { ...NEW, playId: 'e', seasonNumber: 2, episodeNumber: 3 };
  assert.deepEqual(wayToPlay(episode), { kind: 'play_episode', playId: 'e', season: 2, episode: 3 });
  assert.deepEqual(wayToPlay({ ...episode, positionMs: 5 }), { kind: 'resume_episode', playId: 'e', season: 2, episode: 3 });
  assert.equal(wayToPlay({ ...NEW, playId: null }), undefined);
});
it('cards of titles that may not be seen any more are left out', () => {
  const sent: SentCard[] = [{ ...NEW, title: null }];
  assert.deepEqual(cardsOf(sent), []);
});
it('the share watched stays between nothing and all, also of unknown lengths', () => {
  assert.deepEqual(
    [
      [0, 0],
      [30, 60],
      [90, 60],
      [-5, 60],
    ].map(([positionMs = 0, durationMs = 0]) => watchedShare({ positionMs, durationMs })),
    [0, 0.5, 1, 0],
  );
});
