import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from './random.ts';
import { randomEntities, randomRequest } from './random-data.ts';
import { randomPolicy } from './random-policies.ts';
import { IDS, randomSchema } from './random-schema.ts';
import { compilePolicies, matchesPredicate, readContext, readEntities } from '../../src/index.ts';

const SETS = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 3000 : 400;
const REQUESTS_OF_A_SET = 8;
const SEED = Number(process.env['BIOSCOPE_TEST_SEED'] ?? 4711);

describe('the filter of a principal', () => {
  it(`lets exactly those resources pass that are allowed one by one (BIOSCOPE_TEST_SEED=${SEED})`, (test) => {
    const seen = { asked: 0, exact: 0, allowed: 0, splitting: 0 };
    for (let index = 0; index < SETS; index += 1) compareSet(SEED + index, seen);
    test.diagnostic(JSON.stringify(seen));
    assert.ok(seen.exact > seen.asked / 2, 'few predicates are exact');
    assert.ok(seen.splitting > 50, 'few predicates tell one resource from another');
    assert.ok(seen.allowed > seen.asked / 20, 'hardly anything is allowed');
  });
});

const MOST = { share: 0.95, max: 20 };

type Seen = { asked: number; exact: number; allowed: number; splitting: number };

function compareSet(seed: number, seen: Seen): void {
  const random = new Random(seed);
  const schema = randomSchema(random);
  const policies = Object.fromEntries([
    ...random.list(4, (index) => [`policy${index}`, randomPolicy(random, schema)]),
    ['certain', randomPolicy(random, schema)],
  ]);
  const set = compilePolicies({ policies, schema: schema.json });
  const entities = readEntities(randomEntities(random, schema, true, MOST), set.schema);
  for (let index = 0; index < REQUESTS_OF_A_SET; index += 1) {
    const { principal, action, resource, context: json } = randomRequest(random, schema, true);
    const context = readContext(json, { schema: set.schema, action });
    const filter = set.filter({ principal, action, context, entities, resourceType: resource.type });
    // A catalogue holds resources that exist.
    const resources = IDS.flatMap((id) => entities.find(resource.type, id) ?? []);
    const passing = new Set<boolean>();
    for (const each of resources) {
      const isAllowed = set.decide({ principal, action, resource: each, context, entities }) === 'allow';
      const passes = matchesPredicate(filter.predicate, each, entities);
      const about = (): string =>
        JSON.stringify({ seed, principal, action, resource: each.id, policies, predicate: filter.predicate }, null, 1);
      if (filter.isExact ? passes !== isAllowed : isAllowed && !passes) assert.fail(about());
      assert.equal(filter.matches(each), isAllowed);
      passing.add(passes);
      seen.asked += 1;
      if (filter.isExact) seen.exact += 1;
      if (isAllowed) seen.allowed += 1;
    }
    if (filter.isExact && passing.size === 2) seen.splitting += 1;
  }
}
