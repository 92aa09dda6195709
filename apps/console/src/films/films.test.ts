import { create } from '@bufbuild/protobuf';
import { TitleSchema, TitleState } from '@bioscope/catalog/contract';
import { WorkSchema, WorkState } from '@bioscope/studio/contract';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { array, assert as check, constantFrom, integer, property, record } from 'fast-check';
import { countryNames } from '../countries.ts';
import { filmsOf, preparedShare, stateOf } from './film.ts';
import { draftOf, offeredText, readWindows } from './windows.ts';

const title = (id: string, more: object = {}) => create(TitleSchema, { id, name: `title ${id}`, ...more });
const work = (titleId: string, more: object = {}) => create(WorkSchema, { id: titleId, titleId, name: `work ${titleId}`, ...more });

describe('films', () => {
  it('are titles with their works, the newest first, and works that have no title', () => {
    const films = filmsOf(
      [title('a', { createdAtMs: 10 }), title('b', { createdAtMs: 30 })],
      [work('a', { startedAtMs: 11 }), work('c', { startedAtMs: 20 })],
    );
    assert.deepEqual(
      films.map(({ id, name, work }) => [id, name, work !== undefined]),
      [
        ['b', 'title b', false],
        ['c', 'work c', true],
        ['a', 'title a', true],
      ],
    );
  });

  it('say how far their preparation is', () => {
    assert.equal(preparedShare({ title: title('a', { prepared: 0.4 }), work: work('a', { steps: [{ progress: 1 }] }) }), 0.4);
    assert.equal(preparedShare({ work: work('a', { steps: [{ progress: 1 }, { progress: 0 }] }) }), 0.5);
    assert.equal(preparedShare({}), 0);
  });

  it('say how it stands with them, and why it went wrong', () => {
    const states = [
      { work: work('a', { state: WorkState.RUNNING, steps: [{ progress: 0.5 }] }) },
      { work: work('a', { state: WorkState.RUNNING, playable: true, steps: [{ progress: 0.5 }] }) },
      { work: work('a', { state: WorkState.REFUSED, reason: 'encrypted' }) },
      { work: work('a', { state: WorkState.FAILED, reason: 'disk full' }), title: title('a', { state: TitleState.PLAYABLE }) },
      { title: title('a', { state: TitleState.PLAYABLE }) },
      { title: title('a', { state: TitleState.FAILED, failure: 'no picture' }) },
      { title: title('a') },
    ].map(stateOf);
    assert.deepEqual(
      states.map(({ tone, text, because }) => `${tone}: ${text}${because === '' ? '' : ` (${because})`}`),
      [
        'busy: preparing, 50 %',
        'busy: playable, 50 % of all qualities',
        'bad: refused (encrypted)',
        'bad: failed (disk full)',
        'good: ready',
        'bad: failed (no picture)',
        'quiet: waiting',
      ],
    );
  });
});

describe('windows', () => {
  const names = countryNames();
  const nameOf = (code: string): string | undefined => names.get(code);
  const draft = (country: string, from = '', until = '') => ({ key: country, country, from, until });

  it('are read from the form as they were written', () => {
    // Noon of UTC: where clocks go back an hour, some times have the same name as others, and those are all in the night.
    const noons = (days: number): number => days * 86_400_000 + 43_200_000;
    const day = integer({ min: 0, max: 40_000 });
    const window = record({ country: constantFrom('*', 'DE', 'IN'), from: day, length: integer({ min: 1, max: 900 }) });
    check(
      property(array(window, { maxLength: 5 }), (written) => {
        const windows = written.map(({ country, from, length }) => ({ country, fromMs: noons(from), untilMs: noons(from + length) }));
        const read = readWindows(
          windows.map((each, at) => draftOf(each, String(at))),
          nameOf,
        );
        assert.deepEqual(read, { kind: 'windows', windows });
      }),
      { numRuns: 200 },
    );
  });

  it('have no bound where nothing is written, and countries in any case', () => {
    assert.deepEqual(readWindows([draft(' de '), draft('*')], nameOf), {
      kind: 'windows',
      windows: [
        { country: 'DE', fromMs: 0, untilMs: 0 },
        { country: '*', fromMs: 0, untilMs: 0 },
      ],
    });
  });

  it('are refused when the country is none or the end comes first', () => {
    assert.deepEqual(readWindows([draft('DE'), draft('ZZ')], nameOf), {
      kind: 'wrong',
      key: 'ZZ',
      message: '“ZZ” is no country: use its two letters, or * for everywhere.',
    });
    const reversed = readWindows([draft('DE', '2026-02-01T00:00', '2026-01-01T00:00')], nameOf);
    assert.deepEqual(reversed, { kind: 'wrong', key: 'DE', message: 'The window of Germany ends before it begins.' });
  });

  it('are told in a few words', () => {
    const all = { country: '*', fromMs: 0, untilMs: 0 };
    const inGermany = { country: 'DE', fromMs: 100, untilMs: 200 };
    const told = (windows: (typeof all)[], atMs: number): string => offeredText(windows, atMs);
    assert.deepEqual(
      [told([], 1), told([all], 1), told([inGermany], 150), told([inGermany], 200), told([all, inGermany], 1)],
      ['nowhere', 'everywhere', 'in 1 country', 'not now', 'everywhere, 1 with own windows'],
    );
  });

  it('know the countries of the world', () => {
    assert.equal(names.get('DE'), 'Germany');
    assert.ok(names.size > 190 && names.size < 300, String(names.size));
  });
});
