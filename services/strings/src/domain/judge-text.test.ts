import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemsOfText } from './judge-text.ts';

const ENGLISH = { play: 'Play', left: '{count, plural, one {# film} other {# films}} of {of}' };
const judge = (wish: Partial<Parameters<typeof problemsOfText>[0]>) =>
  problemsOfText({ language: 'de', key: 'play', text: 'Los', why: 'shorter', ...wish }, ENGLISH);

describe('an operator’s text', () => {
  it('is good in a language that there is and in its regional forms, and may be taken back', () => {
    assert.deepEqual(judge({}), []);
    assert.deepEqual(judge({ language: 'de-AT' }), []);
    assert.deepEqual(judge({ text: '' }), []);
    assert.deepEqual(judge({ key: 'left', text: 'noch einige' }), []);
  });

  it('is refused with everything that is wrong with it', () => {
    const problems = judge({ language: 'fr', key: 'nothing', why: ' ', text: 'x'.repeat(2_001) });
    assert.equal(problems.length, 4);
    for (const [index, pattern] of [/"fr"/, /"nothing"/, /why is empty/, /2001 characters/].entries())
      assert.match(problems[index] ?? '', pattern);
  });

  it('may not name a key that only looks like one', () => {
    assert.match(judge({ key: 'constructor' }).join(), /no such text/);
  });

  it('may not name values that nobody fills, and must know every plural form of its language', () => {
    assert.match(judge({ text: 'Los, {name}' }).join(), /\{name\}; there is no placeholder/);
    assert.match(judge({ key: 'left', text: '{count, plural, one {#} other {#}} {what}' }).join(), /\{what\}; there is \{count\}, \{of\}/);
    assert.match(
      judge({ key: 'left', language: 'ar', text: '{count, plural, one {#} other {#}}' }).join(),
      /no form for zero, two, few, many/,
    );
    assert.match(judge({ text: 'Los {' }).join(), /cannot be read/);
  });
});
