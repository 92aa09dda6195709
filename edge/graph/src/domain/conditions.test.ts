import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { parse, print } from 'graphql';

import { conditionVariables, decideConditions, withoutEmptySets } from './conditions.ts';

const decided = (text: string, variables: object = {}): string =>
  print(decideConditions(parse(text), { ...variables }))
    .replaceAll(/\s+/g, ' ')
    .trim();

describe('conditions', () => {
  it('are decided by variables, constants, and both together', () => {
    const text =
      'query ($v: Boolean!) { a @skip(if: $v) b @include(if: $v) c @skip(if: false) d @include(if: false) e @include(if: true) @skip(if: $v) }';
    assert.equal(decided(text, { v: true }), 'query ($v: Boolean!) { b c }');
    assert.equal(decided(text, { v: false }), 'query ($v: Boolean!) { a c e }');
  });

  it('are decided in fragments as well', () => {
    const text =
      'query ($v: Boolean!) { ... @include(if: $v) { a } ...F @skip(if: $v) ... on T { b } } fragment F on T { c @skip(if: $v) }';
    assert.equal(decided(text, { v: true }), 'query ($v: Boolean!) { ... { a } ... on T { b } } fragment F on T');
    assert.equal(decided(text, { v: false }), 'query ($v: Boolean!) { ...F ... on T { b } } fragment F on T { c }');
  });

  it('leave other directives where they are', () => {
    assert.equal(decided('{ a @cached @skip(if: false) }'), '{ a @cached }');
  });

  it('name the variables that they depend on, wherever these are', () => {
    const text =
      'query ($x: Boolean!, $y: Boolean!, $z: Int) { a(n: $z) { ...F @include(if: $y) } } fragment F on T { b @skip(if: $x) @other(if: $z) }';
    assert.deepEqual(conditionVariables(parse(text)), ['x', 'y']);
  });

  it('leave something to ask for where all else is left out', () => {
    const document = decideConditions(parse('{ a { b @skip(if: true) } c { d } }'), {});
    assert.equal(print(withoutEmptySets(document)).replaceAll(/\s+/g, ' '), '{ a { __typename } c { d } }');
  });
});
