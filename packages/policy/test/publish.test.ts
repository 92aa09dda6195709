import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePolicies } from '../src/index.ts';
import { evaluateTexts, schemaJson, validatePolicies } from '../src/publish/index.ts';

const SCHEMA = `
  namespace Shop {
    type Money = decimal;
    entity Member in [Team] { plan: String, spent: Money } tags Set<String>;
    entity Team;
    entity Title enum ["film", "series"];
    action watch;
    action play in [watch] appliesTo { principal: Member, resource: Title, context: { isAtHome: Bool, since?: datetime } };
  }`;
const POLICIES = `permit(principal, action in Shop::Action::"watch", resource) when { context.isAtHome };
forbid(principal, action, resource) when { principal.spent.greaterThan(decimal("100.0")) };
permit(principal in Shop::Team::"all", action, resource) when { principal.getTag("x").contains("y") };`;
const ENTITIES = JSON.stringify([
  {
    uid: { type: 'Shop::Member', id: 'ada' },
    attrs: { plan: 'p', spent: '5.0' },
    parents: [{ type: 'Shop::Team', id: 'all' }],
    tags: { x: ['y'] },
  },
]);
const REQUEST = {
  principal: { type: 'Shop::Member', id: 'ada' },
  action: { type: 'Shop::Action', id: 'play' },
  resource: { type: 'Shop::Title', id: 'film' },
  context: { isAtHome: true, since: '2026-01-01' },
};

describe('publishing', () => {
  it('lets what Cedar proves pass', () => {
    assert.deepEqual(
      validatePolicies({
        policies: POLICIES.replace('principal.getTag("x")', 'principal.hasTag("x") && principal.getTag("x")'),
        schema: SCHEMA,
      }),
      {
        kind: 'valid',
        warnings: [],
      },
    );
  });

  it('refuses what may fail, with the policy and the place', () => {
    const validation = validatePolicies({
      policies: `// é\n${POLICIES}\npermit(principal, action, resource)\n  when { principal.plam == "p" };`,
      schema: SCHEMA,
    });
    assert.equal(validation.kind, 'invalid');
    const places = validation.errors.map(({ policy, at }) => [policy, at?.line, at?.column]);
    assert.deepEqual(places, [
      ['policy2', 4, 65],
      ['policy3', 6, 10],
    ]);
    assert.match(validation.errors[1]?.message ?? '', /plam/);
  });

  it('says where a text is no policy', () => {
    const validation = validatePolicies({ policies: 'permit(principal, action resource);', schema: SCHEMA });
    assert.equal(validation.kind, 'invalid');
    assert.deepEqual(validation.errors[0]?.at, { line: 1, column: 26 });
  });

  it('validates templates as well', () => {
    const policies = 'permit(principal == ?principal, action, resource) when { principal.plam == "p" };';
    assert.equal(validatePolicies({ policies, schema: SCHEMA }).kind, 'invalid');
  });

  it('takes a schema in either format to the same', () => {
    const json = schemaJson(SCHEMA);
    assert.deepEqual(
      compilePolicies({ policies: POLICIES, schema: schemaJson(JSON.stringify(json)) }).schema,
      compilePolicies({ policies: POLICIES, schema: json }).schema,
    );
    assert.throws(() => schemaJson('entity ;'), /the schema cannot be read/);
  });
});

describe('evaluating files', () => {
  const texts = { policies: POLICIES, schema: SCHEMA, entities: ENTITIES, requests: JSON.stringify([REQUEST]) };

  it('answers in order, with reasons', () => {
    assert.deepEqual(evaluateTexts(texts), [{ decision: 'allow', reasons: ['policy0', 'policy2'], errors: [], messages: [] }]);
  });

  it('takes a test of cedar-integration-tests, and names written as policies write them', () => {
    const requests = JSON.stringify({
      requests: [
        {
          ...REQUEST,
          principal: 'Shop::Member::"nobody"',
          action: 'Shop::Action::"play"',
          resource: { __entity: REQUEST.resource },
          decision: 'allow',
          validateRequest: true,
        },
      ],
    });
    const [answer] = evaluateTexts({ ...texts, requests });
    assert.ok(answer !== undefined && !('fault' in answer));
    assert.deepEqual([answer.decision, answer.reasons, answer.errors], ['allow', ['policy0'], ['policy1']]);
    assert.match(answer.messages[0]?.message ?? '', /nobody" does not exist/);
  });

  it('takes policies in the JSON format, with templates and links', () => {
    const any = { op: 'All' };
    const policies = JSON.stringify({
      staticPolicies: {
        off: { effect: 'forbid', principal: any, action: any, resource: any, conditions: [{ kind: 'when', body: { Value: false } }] },
      },
      templates: { t: { effect: 'permit', principal: { op: '==', slot: '?principal' }, action: any, resource: any, conditions: [] } },
      templateLinks: [{ templateId: 't', newId: 'linked', values: { '?principal': { __entity: REQUEST.principal } } }],
    });
    assert.deepEqual(evaluateTexts({ ...texts, policies }), [{ decision: 'allow', reasons: ['linked'], errors: [], messages: [] }]);
  });

  it('says of one request what is wrong with it and answers the others', () => {
    const requests = JSON.stringify([
      { ...REQUEST, context: {} },
      { ...REQUEST, resource: REQUEST.principal },
      { ...REQUEST, context: { isAtHome: 'no' }, validateRequest: false },
      REQUEST,
    ]);
    const answers = evaluateTexts({ ...texts, requests });
    assert.match('fault' in (answers[0] ?? {}) ? JSON.stringify(answers[0]) : '', /isAtHome is missing/);
    assert.match(JSON.stringify(answers[1]), /lets nobody do play to a Shop::Member/);
    assert.deepEqual(answers[2], {
      decision: 'allow',
      reasons: ['policy2'],
      errors: ['policy0'],
      messages: [{ policy: 'policy0', message: 'type error: bool wanted, not string' }],
    });
    assert.equal(answers.length, 4);
  });
});
