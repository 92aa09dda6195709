import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { policyToJson, preparsePolicySet, preparseSchema, statefulIsAuthorized, templateToJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { AuthorizationAnswer, Entities, PolicySet as CedarPolicySet, Schema as CedarSchema } from '@cedar-policy/cedar-wasm/nodejs';
import { Random } from './random.ts';
import { randomEntities, randomRequest } from './random-data.ts';
import type { RandomRequest } from './random-data.ts';
import { randomPolicy, randomTemplate } from './random-policies.ts';
import { randomSchema } from './random-schema.ts';
import { compilePolicies, readContext, readEntities } from '../../src/index.ts';
import type { Explanation, Json, PolicySet } from '../../src/index.ts';

const isThorough = process.env['BIOSCOPE_TEST_ALL'] === '1';
const SETS = isThorough ? 2600 : 120;
const REQUESTS_OF_A_SET = 40;
const SEED = Number(process.env['BIOSCOPE_TEST_SEED'] ?? (isThorough ? Date.now() % 1_000_000 : 20_261_127));

describe('compiled policies and Cedar itself', () => {
  it(`agree on decision, reasons and errors of ${SETS * REQUESTS_OF_A_SET} random requests (BIOSCOPE_TEST_SEED=${SEED})`, (test) => {
    const seen = { requests: 0, allowed: 0, erring: 0, reasons: 0 };
    for (let index = 0; index < SETS; index += 1) compareSet(SEED + index, seen);
    test.diagnostic(
      `seed ${SEED}: ${seen.requests} requests, ${seen.allowed} allowed, ${seen.erring} with errors, ${seen.reasons} reasons`,
    );
    assert.equal(seen.requests, SETS * REQUESTS_OF_A_SET);
    // A generator that only makes dull requests would prove nothing.
    for (const count of [seen.allowed, seen.requests - seen.allowed, seen.erring])
      assert.ok(count > seen.requests / 20, JSON.stringify(seen));
  });

  it('are compared by a test that sees a difference in each of the three', () => {
    const diagnostics = { reason: ['policy0'], errors: [] };
    const allowed = theirs({ type: 'success', response: { decision: 'allow', diagnostics }, warnings: [] });
    const explanation: Explanation = { decision: 'allow', reasons: ['policy0'], errors: [] };
    assert.deepEqual(comparable(explanation), allowed);
    assert.notDeepEqual(comparable({ ...explanation, decision: 'deny' }), allowed);
    assert.notDeepEqual(comparable({ ...explanation, reasons: [] }), allowed);
    assert.notDeepEqual(comparable({ ...explanation, errors: [{ policy: 'policy1', message: '' }] }), allowed);
  });
});

type Seen = { requests: number; allowed: number; erring: number; reasons: number };

function compareSet(seed: number, seen: Seen): void {
  const random = new Random(seed);
  const schema = randomSchema(random);
  const isBySchema = random.chance(0.7);
  const policies = Object.fromEntries(random.list(6, (index) => [`policy${index}`, randomPolicy(random, schema)]));
  policies['certain'] = randomPolicy(random, schema);
  const template = randomTemplate(random, schema);
  const link = {
    templateId: 'template',
    newId: 'linked',
    values: { '?principal': { type: random.pick(schema.entityTypes).name, id: 'a' } },
  };
  const entities = randomEntities(random, schema, isBySchema);

  const names = { set: `set${seed}`, schema: `schema${seed}` };
  const cedar: CedarPolicySet = { staticPolicies: policies, templates: { template }, templateLinks: [link] };
  succeed(preparsePolicySet('set', cedar), names.set);
  if (isBySchema) succeed(preparseSchema('schema', schema.json as CedarSchema), names.schema);

  const sources: Record<string, Json> = { ...policies, template };
  const texts = compilePolicies({ policies: sources, links: [link], ...(isBySchema ? { schema: schema.json } : {}) });
  const fromJson = random.chance(0.2)
    ? compilePolicies({ policies: inJson(sources), links: [link], schema: isBySchema ? schema.json : null })
    : null;
  const store = readEntities(entities, texts.schema);
  for (let index = 0; index < REQUESTS_OF_A_SET; index += 1) {
    const request = randomRequest(random, schema, isBySchema);
    const expected = theirs(
      statefulIsAuthorized({
        principal: request.principal,
        action: request.action,
        resource: request.resource,
        context: request.context as Record<string, never>,
        preparsedPolicySetId: 'set',
        ...(isBySchema ? { preparsedSchemaName: 'schema' } : {}),
        validateRequest: false,
        entities: entities as unknown as Entities,
      }),
    );
    const actual = ours(texts, request, store);
    const about = (): string =>
      JSON.stringify({ seed, request, policies, template, link, entities, schema: isBySchema ? schema.json : null }, null, 1);
    if (JSON.stringify(actual) !== JSON.stringify(expected)) assert.deepEqual(actual, expected, about());
    if (fromJson !== null) assert.deepEqual(ours(fromJson, request, store), expected, `in JSON: ${about()}`);
    seen.requests += 1;
    if (expected.decision === 'allow') seen.allowed += 1;
    if (expected.errors.length > 0) seen.erring += 1;
    seen.reasons += expected.reasons.length;
  }
}

type Comparable = { readonly decision: string; readonly reasons: readonly string[]; readonly errors: readonly string[] };

function ours(set: PolicySet, { context, ...names }: RandomRequest, entities: ReturnType<typeof readEntities>): Comparable {
  const request = { ...names, context: readContext(context, { schema: set.schema, action: names.action }), entities };
  const explanation = set.explain(request);
  assert.equal(set.decide(request), explanation.decision, 'the quick decision differs from the explained one');
  return comparable(explanation);
}

function comparable({ decision, reasons, errors }: Explanation): Comparable {
  return { decision, reasons: reasons.toSorted(), errors: errors.map(({ policy }) => policy).toSorted() };
}

function theirs(answer: AuthorizationAnswer): Comparable {
  assert.equal(answer.type, 'success', JSON.stringify(answer));
  const { decision, diagnostics } = answer.response;
  return { decision, reasons: diagnostics.reason.toSorted(), errors: diagnostics.errors.map(({ policyId }) => policyId).toSorted() };
}

function inJson(sources: Readonly<Record<string, Json>>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(sources).map(([id, text]) => {
      // The WebAssembly build rounds such numbers on their way to JavaScript.
      if (/[0-9]{16}/.test(text as string)) return [id, text];
      const answer = id === 'template' ? templateToJson(text as string) : policyToJson(text as string);
      assert.equal(answer.type, 'success', JSON.stringify(answer));
      return [id, answer.json as unknown as Json];
    }),
  );
}

function succeed(answer: { readonly type: string }, what: string): void {
  assert.equal(answer.type, 'success', `${what}: ${JSON.stringify(answer)}`);
}
