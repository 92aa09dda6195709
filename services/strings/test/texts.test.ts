import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { LIFTS, REFUSALS as ACCESS_REFUSALS } from '@bioscope/access/contract';
import { GENRES } from '@bioscope/catalog/contract';
import { DEVICE_KINDS, PICTURES, REFUSALS as IDENTITY_REFUSALS } from '@bioscope/identity/contract';
import { MemberState, Refusal as MembershipRefusal } from '@bioscope/membership/contract';
import {
  BUNDLES,
  englishTexts,
  flattenTexts,
  LANGUAGES,
  parseMessage,
  placeholdersOf,
  type Bundle,
  type Texts,
} from '../contract/index.ts';
import { problemsOfMessage } from '../src/domain/judge-text.ts';
import { renderKeys } from '../src/domain/render-keys.ts';
import type { TextsByLanguage } from '../src/domain/texts-in-force.ts';
import { readShipped } from '../src/shipped.ts';

let shipped: ReadonlyMap<Bundle, TextsByLanguage>;
before(async () => {
  shipped = await readShipped();
});
const textsOf = (bundle: Bundle, language: string): Texts => {
  const texts = shipped.get(bundle)?.get(language);
  assert.ok(texts !== undefined && Object.keys(texts).length > 50, `${bundle} in ${language}`);
  return texts;
};

describe('the texts that Bioscope comes with', () => {
  for (const bundle of BUNDLES) {
    for (const language of LANGUAGES) {
      it(`have in ${language} every key of ${bundle}, and no other`, () => {
        assert.deepEqual(Object.keys(textsOf(bundle, language)).sort(), Object.keys(englishTexts(bundle)).sort());
      });

      it(`take in ${language} the values of the English ones of ${bundle}, with every plural form of the language`, () => {
        assert.deepEqual(complaints(textsOf(bundle, language), englishTexts(bundle), language), []);
      });
    }
  }

  it('are noticed when one of them is wrong', () => {
    const english = { a: '{count, plural, one {#} other {#}} of {of}', b: 'B' };
    assert.equal(complaints({ a: '{count, plural, one {#} other {#}}', b: ' B' }, english, 'de').length, 2);
    assert.match(complaints({ a: '{count, plural, one {#} other {# {of}}}', b: 'B' }, english, 'ar').join(), /no form for zero/);
    assert.match(complaints({ a: '{of}', b: '{c}' }, english, 'de').join(), /count.*\{c\}/s);
  });

  it('are in their languages: hardly any is the English one', () => {
    const english = englishTexts('web');
    for (const language of LANGUAGES.filter((each) => each !== 'en')) {
      const same = Object.entries(textsOf('web', language)).filter(([key, text]) => text === english[key] && text.length > 20);
      assert.deepEqual(same, []);
    }
  });

  it('in Arabic and Hindi are written in their scripts', () => {
    for (const [language, script] of [
      ['ar', /\p{Script=Arabic}/u],
      ['hi', /\p{Script=Devanagari}/u],
    ] as const) {
      const foreign = Object.entries(textsOf('refusals', language)).filter(([, text]) => !script.test(text));
      assert.deepEqual(foreign, []);
    }
  });

  it('are all that lies in their folders', async () => {
    for (const language of LANGUAGES)
      assert.deepEqual(
        (await readdir(path.join(import.meta.dirname, '../texts', language))).sort(),
        BUNDLES.map((bundle) => `${bundle}.json`).sort(),
      );
  });
});

describe('the types of the keys', () => {
  it('are those of the English texts (else run `npm run keys -w @bioscope/strings`)', () => {
    const written = readFileSync(path.join(import.meta.dirname, '../contract/keys.ts'), 'utf8');
    assert.equal(written, renderKeys(new Map(BUNDLES.map((bundle) => [bundle, englishTexts(bundle)]))));
  });
});

describe('what other services name by codes', () => {
  const missing = (bundle: Bundle, keys: readonly string[]): string[] => keys.filter((key) => !Object.hasOwn(englishTexts(bundle), key));
  /** Of a generated enum, in lower case, without the numbers and the one that means nothing. */
  const namesOf = (names: object, nothing: string): string[] => {
    const found = Object.keys(names).filter((name) => /^[A-Z_]+$/.test(name) && name !== nothing);
    assert.ok(found.length > 5);
    return found.map((name) => name.toLowerCase());
  };

  it('has words: why access refuses, and what would lift that', () => {
    assert.deepEqual(
      missing(
        'refusals',
        ACCESS_REFUSALS.flatMap((code) => [`because.${code}.title`, `because.${code}.text`]),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        'refusals',
        LIFTS.map((lift) => `lift.${lift}`),
      ),
      [],
    );
  });

  it('has words: refusals of identity and of membership', () => {
    assert.deepEqual(
      missing(
        'refusals',
        Object.keys(IDENTITY_REFUSALS).map((code) => `identity.${code}`),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        'refusals',
        namesOf(MembershipRefusal, 'NONE').map((name) => `membership.${name}`),
      ),
      [],
    );
  });

  it('has words: genres, pictures, kinds of devices, states of members', () => {
    assert.deepEqual(
      missing(
        'web',
        GENRES.map((genre) => `genre.${genre}`),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        'web',
        PICTURES.map((picture) => `profile.pictureName.${picture}`),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        'web',
        DEVICE_KINDS.map((kind) => `account.deviceKind.${kind}`),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        'web',
        namesOf(MemberState, 'UNSPECIFIED').map((state) => `account.state.${state}`),
      ),
      [],
    );
  });

  it('is noticed when it has none', () => {
    assert.deepEqual(missing('web', ['genre.drama', 'genre.cooking']), ['genre.cooking']);
  });
});

function complaints(texts: Texts, english: Texts, language: string): string[] {
  return Object.entries(texts).flatMap(([key, text]) => {
    const original = english[key] ?? '';
    const problems = problemsOfMessage({ text, original, language });
    if (text.trim() !== text || text === '') problems.push('is empty or has space around it');
    if (problems.length === 0) {
      const used = placeholdersOf(parseMessage(text));
      const unused = placeholdersOf(parseMessage(original)).filter((name) => !used.includes(name));
      problems.push(...unused.map((name) => `does not use {${name}}`));
    }
    return problems.map((problem) => `${key}: ${problem}`);
  });
}

it('groups become keys', () => {
  assert.deepEqual(flattenTexts({ a: { b: 'B', c: { d: 'D' } }, e: 'E' }), { 'a.b': 'B', 'a.c.d': 'D', e: 'E' });
});
