import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { Random } from './random.ts';
import { randomPolicy } from './random-policies.ts';
import { randomSchema } from './random-schema.ts';
import type { Json } from '../../src/index.ts';
import { parsePolicies } from '../../src/syntax/parse-policies.ts';
import { policyFromJson } from '../../src/syntax/policy-from-json.ts';

const POLICIES = 400;

describe('the parser', () => {
  it('reads random policies as Cedar does, by the JSON that Cedar makes of them', () => {
    let compared = 0;
    for (let seed = 1; seed <= POLICIES; seed += 1) {
      const random = new Random(seed);
      const text = randomPolicy(random, randomSchema(random));
      // The WebAssembly build rounds such numbers on their way to JavaScript.
      if (/[0-9]{16}/.test(text)) continue;
      const [{ range: _range, ...parsed } = { range: null }] = parsePolicies(text);
      const answer = policyToJson(text);
      assert.equal(answer.type, 'success', text);
      assert.deepEqual(sorted(parsed), sorted(policyFromJson('policy0', answer.json as unknown as Json)), text);
      compared += 1;
    }
    assert.ok(compared > POLICIES / 2);
  });
});

/** Cedar sorts the fields of records, which no policy can tell. */
function sorted(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(sorted);
  if (typeof node !== 'object' || node === null || Object.getPrototypeOf(node) !== Object.prototype) return node;
  const fields = Object.entries(node).map(([key, value]): [string, unknown] => [
    key,
    key === 'entries' && Array.isArray(value)
      ? value.toSorted((left: [string], right: [string]) => (left[0] < right[0] ? -1 : 1)).map(sorted)
      : sorted(value),
  ]);
  return Object.fromEntries(fields);
}
