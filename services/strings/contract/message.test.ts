import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatMessage, parseMessage, placeholdersOf, type MessageValues } from './message.ts';

const said = (source: string, values: MessageValues = {}, locale = 'en'): string => formatMessage(parseMessage(source), values, locale);

describe('a message', () => {
  it('says its values in their places', () => {
    assert.equal(said('{at} of {of}', { at: '0:10', of: '1:00' }), '0:10 of 1:00');
    assert.equal(said('Because you watched {title}', { title: 'A {curly} film' }), 'Because you watched A {curly} film');
  });

  it('keeps a Latin value together where one reads from right to left', () => {
    assert.equal(said('لأنك شاهدت «{title}»', { title: 'Why not?' }, 'ar'), 'لأنك شاهدت «\u2068Why not?\u2069»');
  });

  it('writes numbers as the language does', () => {
    assert.equal(said('{count}', { count: 1234.5 }, 'en'), '1,234.5');
    assert.equal(said('{count}', { count: 1234.5 }, 'de'), '1.234,5');
    assert.equal(said('{count, plural, other {#}}', { count: 12_345 }, 'hi'), '12,345');
  });

  it('chooses the form that the language has for the number, an exact one first', () => {
    const films = '{count, plural, =0 {No films} one {# film} other {# films}}';
    assert.deepEqual(
      [0, 1, 2].map((count) => said(films, { count })),
      ['No films', '1 film', '2 films'],
    );
    const seasons = '{n, plural, zero {0} one {1} two {2} few {3-10} many {11-99} other {100}}';
    assert.deepEqual(
      [0, 1, 2, 3, 11, 100].map((n) => said(seasons, { n }, 'ar')),
      ['0', '1', '2', '3-10', '11-99', '100'],
    );
  });

  it('may name other values inside a plural', () => {
    const results = '{count, plural, one {# result for “{query}”} other {# results for “{query}”}}';
    assert.equal(said(results, { count: 3, query: 'blue' }), '3 results for “blue”');
    assert.deepEqual(placeholdersOf(parseMessage(results)), ['count', 'query']);
  });

  it('leaves a # outside of plurals alone, and shows the name of a value that is missing', () => {
    assert.equal(said('# {name}'), '# {name}');
  });

  it('is refused with the place of the mistake when it cannot be read', () => {
    for (const [source, complaint] of [
      ['{name', /"," is wanted at character 6/],
      ['a } b', /never opened at character 3/],
      ['{}', /a name is wanted/],
      ['{n, select, a {b}}', /"plural" is wanted/],
      ['{n, plural, one {#}}', /"other" is missing/],
      ['{n, plural, some {#} other {#}}', /zero, one, two/],
      ['{n, plural, one {a} one {b} other {#}}', /two forms for one/],
      ['{n, plural, other {#}', /wanted at character 22/],
      ['{n, plural, other {# {m, plural, other {#}}}}', /a plural stands in a plural/],
    ] as const)
      assert.throws(() => parseMessage(source), { name: 'SyntaxError', message: complaint }, source);
  });

  it('without braces is said as it stands, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[{}]/g, '')),
        (text) => said(text) === text,
      ),
    );
  });

  it('is either read or refused as a SyntaxError, and never runs on', () => {
    const pieces = fc.constantFrom('{', '}', ',', '#', ' ', 'plural', 'one', 'other', '=1', 'name', 'ü');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 25 }), (parts) => {
        try {
          return typeof said(parts.join(''), { name: 1 }) === 'string';
        } catch (error) {
          return error instanceof SyntaxError;
        }
      }),
      { numRuns: 500 },
    );
  });
});
