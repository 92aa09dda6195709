import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { englishTexts } from '@bioscope/strings/contract';
import { refusalText } from './session/refusal-text.ts';
import { refusalWords, speak, text, waitUntil } from './texts.ts';

/**
 * Texts that wait in all languages for screens that are not built yet, by the beginning of their keys. What is built takes its line out: the test
 * says so when nothing below a line is unused any more.
 */
const SCREENS_TO_COME = [
  'account.',
  'action.',
  'billing.',
  'card.',
  'nav.',
  'payment.',
  'pin.',
  'player.',
  'profile.',
  'reset.',
  'row.',
  'signIn.',
  'signUp.',
  'title.',
];

const KEYS = Object.keys(englishTexts('web'));
const SERVER_SAYS = ['app.description', 'app.needsScript'];

type Source = { readonly file: string; readonly source: string };

function sources(): Source[] {
  const files = globSync('**/*.{ts,tsx}', { cwd: import.meta.dirname, exclude: ['server/**', '**/*.test.ts'] });
  assert.ok(files.length > 40, 'hardly a file of the app was found');
  return files.map((file) => ({ file, source: readFileSync(path.join(import.meta.dirname, file), 'utf8') }));
}

/** Keys that are asked for, with `*` for what is only known when the app runs. */
function askedFor({ source }: Source): string[] {
  return [...source.matchAll(/\btext\(\s*(?:'([^']+)'|`([^`]+)`)/g)].map(
    ([, plain, template]) => plain ?? (template ?? '').replaceAll(/\$\{[^}]*\}/g, '*'),
  );
}

function matches(pattern: string, key: string): boolean {
  return new RegExp(
    `^${pattern
      .split('*')
      .map((part) => RegExp.escape(part))
      .join('[^.]+')}$`,
  ).test(key);
}

/** Words between tags, and in the attributes that people read or hear. */
function writtenOut({ file, source }: Source): string[] {
  if (!file.endsWith('.tsx')) return [];
  const between = [...source.matchAll(/(?<![=\-|&])>([^<>{}();=]*\p{L}{2,}[^<>{}();=]*)<\//gu)].map(([, words = '']) => words.trim());
  const attributes = [...source.matchAll(/\b(?:aria-label|title|alt|placeholder|label)="([^"]*\p{L}[^"]*)"/gu)].map(
    ([, words = '']) => words,
  );
  return [...between, ...attributes].map((words) => `${file}: ${words}`);
}

describe('the texts of the app', () => {
  const asked = sources().flatMap(askedFor);

  it('are found by this test', () => {
    assert.ok(asked.length > 60);
    assert.deepEqual(askedFor({ file: '', source: "text('a.b', { x }) text(`c.${d}.e`) context('no')" }), ['a.b', 'c.*.e']);
    assert.ok(matches('c.*.e', 'c.d.e') && !matches('c.*.e', 'c.d.x.e') && !matches('a.b', 'aXb'));
  });

  it('are all there', () => {
    assert.deepEqual(
      asked.filter((pattern) => !KEYS.some((key) => matches(pattern, key))),
      [],
    );
  });

  it('are all used, but those that wait for their screens', () => {
    const unused = KEYS.filter((key) => !SERVER_SAYS.includes(key) && !asked.some((pattern) => matches(pattern, key)));
    assert.deepEqual(
      unused.filter((key) => !SCREENS_TO_COME.some((beginning) => key.startsWith(beginning))),
      [],
    );
    assert.deepEqual(
      SCREENS_TO_COME.filter((beginning) => !unused.some((key) => key.startsWith(beginning))),
      [],
      'these wait no longer: take them out of SCREENS_TO_COME',
    );
  });

  it('are nowhere written into the app itself', () => {
    assert.deepEqual(sources().flatMap(writtenOut), []);
    for (const planted of ['<p>Some words</p>', '<img alt="A film" />', '<b>\n  Über uns\n</b>', '<button aria-label="Close">'])
      assert.equal(writtenOut({ file: 'planted.tsx', source: planted }).length, 1, planted);
  });
});

describe('what the app says', () => {
  before(() => speak({ language: 'en', web: englishTexts('web'), refusals: englishTexts('refusals') }, 'en'));

  it('is the text of the key, with its values', () => {
    assert.equal(text('player.resumedAt', { time: '1:02' }), 'Resumed at 1:02');
  });

  it('of a refusal is known by its code, and general for codes of a newer release', () => {
    assert.equal(refusalWords('lapsed').title, 'Your membership has ended');
    assert.deepEqual(refusalWords('something_new'), refusalWords('unknown'));
    assert.equal(waitUntil('May 1'), 'Possible from May 1');
  });

  it('of a refusal says the number of the plan where there is one', () => {
    const said = (because: string, limit: number): string => refusalText({ because, liftsAtMs: 0, limit });
    assert.match(said('device_limit', 5), /^Your plan has 5 devices, .* Sign one of them out/);
    assert.equal(said('device_limit', 0), refusalWords('device_limit').text);
    assert.equal(said('lapsed', 5), refusalWords('lapsed').text);
  });
});
