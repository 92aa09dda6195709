import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePolicies, parseJson, readContext, readEntities } from '../src/index.ts';
import type { Json } from '../src/index.ts';

const request = { principal: { type: 'U', id: 'a' }, action: { type: 'Action', id: 'v' }, resource: { type: 'R', id: 'r' } } as const;
const planted = globalThis as { planted?: boolean };
const ATTEMPTS = [
  '"; globalThis.planted = true; "',
  '`${globalThis.planted = true}`',
  '\\"+(globalThis.planted=true)+\\"',
  '\u2028globalThis.planted = true\u2029',
  '*/globalThis.planted = true/*',
  "');globalThis.planted=true;('",
] as const;

describe('names and texts of a policy', () => {
  for (const attempt of ATTEMPTS) {
    it(`never become code: ${JSON.stringify(attempt)}`, () => {
      const text = JSON.stringify(attempt).replaceAll('\\u2028', '\u2028');
      const policies = `
        @reason(${text}) permit(principal == U::${text}, action, resource);
        permit(principal, action == Action::${text}, resource in R::${text});
        permit(principal, action, resource) when { principal has ${text} && principal[${text}] == ${text} };
        permit(principal, action, resource) when { {${text}: 1}[${text}] == 1 && [${text}].contains(${text}) && ${text} like ${text.replaceAll('*', '\\*')} };
        permit(principal, action, resource) when { context[${text}].x == principal.getTag(${text}) };`;
      const schema = {
        '': {
          entityTypes: { U: { shape: { type: 'Record', attributes: { [attempt]: { type: 'String' } } } }, R: {} },
          actions: {
            v: {
              appliesTo: {
                principalTypes: ['U'],
                resourceTypes: ['R'],
                context: { type: 'Record', attributes: { [attempt]: { type: 'String' } } },
              },
            },
          },
        },
      };
      for (const set of [compilePolicies({ policies }), compilePolicies({ policies, schema })]) {
        const entities = readEntities([{ uid: { type: 'U', id: 'a' }, attrs: { [attempt]: attempt }, parents: [] }], set.schema);
        const context = readContext({ [attempt]: attempt }, { schema: set.schema, action: request.action });
        const { reasons } = set.explain({ ...request, entities, context });
        assert.deepEqual(reasons, ['policy2', 'policy3']);
        assert.equal(set.decide({ ...request, entities, context }), 'allow');
        if (set.schema !== null) {
          const principal = set.entityBuilder('U')('a', { [attempt]: attempt });
          assert.deepEqual(
            set.explain({ ...request, principal, context: set.contextBuilder(request.action)({ [attempt]: attempt }) }).reasons,
            reasons,
          );
        }
      }
      assert.equal(planted.planted, undefined);
    });
  }

  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '$constructor', '$', 'valueOf']) {
    it(`are only names, inherited or not: ${name}`, () => {
      const set = compilePolicies({ policies: `permit(principal, action, resource) when { context has ${JSON.stringify(name)} };` });
      const decide = (json: Json) => set.decide({ ...request, context: readContext(json, { schema: null, action: request.action }) });
      assert.equal(decide({}), 'deny');
      assert.equal(decide(parseJson(`{${JSON.stringify(name)}: 1}`)), 'allow');
      assert.equal(decide(parseJson(`{"$${name}": 1}`)), 'deny');
      assert.equal(Object.getPrototypeOf({}), Object.prototype);
    });
  }
});

describe('numbers of JSON', () => {
  it('keep all their 64 bits', () => {
    const set = compilePolicies({ policies: 'permit(principal, action, resource) when { context.n == 9007199254740993 };' });
    const decide = (text: string) =>
      set.decide({ ...request, context: readContext(parseJson(text), { schema: null, action: request.action }) });
    assert.equal(decide('{"n": 9007199254740993}'), 'allow');
    assert.equal(decide('{"n": 9007199254740992}'), 'deny');
    assert.throws(() => decide('{"n": 9223372036854775808}'), /64 bits/);
    assert.throws(() => decide('{"n": 1.5}'), /whole number/);
    assert.throws(() => decide('{"n": 1e30}'), /whole number/);
  });
});
