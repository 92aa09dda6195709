import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isSeen, peopleByJob, seasonToOpen, UNTOUCHED, type Credit, type Season } from './title-content.ts';

const season = (number: number): Season => ({ id: `s${number}`, number, name: '', episodes: [] });
const credit = (job: string, id: string): Credit => ({ job, role: null, person: { id, name: id } });

it('opens the season in which the profile goes on, else the first', () => {
  const seasons = [season(1), season(2)];
  assert.equal(seasonToOpen({ seasons, card: { ...UNTOUCHED, seasonNumber: 2 } }), 's2');
  assert.equal(seasonToOpen({ seasons, card: { ...UNTOUCHED, seasonNumber: 7 } }), 's1');
  assert.equal(seasonToOpen({ seasons, card: null }), 's1');
  assert.equal(seasonToOpen({ seasons: [], card: null }), '');
});
it('names everybody once in a job, direction first, and no job that it has no word for', () => {
  const people = [credit('cast', 'ann'), credit('gaffer', 'gus'), credit('director', 'ann'), credit('cast', 'ann'), credit('cast', 'bea')];
  assert.deepEqual(
    peopleByJob(people).map(({ job, credits }) => [job, ...credits.map(({ person }) => person.id)]),
    [
      ['director', 'ann'],
      ['cast', 'ann', 'bea'],
    ],
  );
});
it('an episode is seen when only its credits are left', () => {
  assert.deepEqual(
    [null, { positionMs: 94, durationMs: 100 }, { positionMs: 95, durationMs: 100 }, { positionMs: 5, durationMs: 0 }].map(isSeen),
    [false, false, true, false],
  );
});
