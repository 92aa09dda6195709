import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compilePolicies, Entity, EntityStore, entitiesBefore, PolicyFault, readContext, readEntities } from '../src/index.ts';
import type { EntityName } from '../src/index.ts';

const SCHEMA = {
  '': {
    entityTypes: {
      Member: {
        memberOfTypes: ['Team'],
        shape: {
          type: 'Record',
          attributes: { plan: { type: 'String' }, age: { type: 'Long' }, friend: { type: 'Entity', name: 'Member', required: false } },
        },
      },
      Team: {},
      Title: {
        shape: {
          type: 'Record',
          attributes: {
            maturity: { type: 'Long' },
            from: { type: 'Extension', name: 'datetime' },
            genres: { type: 'Set', element: { type: 'String' } },
          },
        },
      },
    },
    actions: {
      watch: {},
      play: {
        memberOf: [{ id: 'watch' }],
        appliesTo: {
          principalTypes: ['Member'],
          resourceTypes: ['Title'],
          context: {
            type: 'Record',
            attributes: { country: { type: 'String' }, price: { type: 'Extension', name: 'decimal', required: false } },
          },
        },
      },
    },
  },
} as const;

const POLICIES = `
@id("members-play")
permit(principal, action in Action::"watch", resource) when { principal.plan == "premium" };

@id("maturity") @reason("Above the maturity level.")
forbid(principal, action, resource) when { resource.maturity > principal.age };

@id("friends")
permit(principal, action, resource) when { principal.friend.plan == "premium" };

@id("staff")
permit(principal in Team::"staff", action, resource);
`;

const play: EntityName = { type: 'Action', id: 'play' };
const set = compilePolicies({ policies: POLICIES, schema: SCHEMA, ids: 'annotation' });
const member = set.entityBuilder('Member');
const title = set.entityBuilder('Title');
const context = set.contextBuilder(play)({ country: 'DE' });
const film = title('film', { maturity: 12, from: '2026-01-01', genres: ['drama'] });

describe('a set of policies', () => {
  it('explains a decision by the policies that made it, and the failures of others', () => {
    const ada = member('ada', { plan: 'premium', age: 40 });
    const explanation = set.explain({ principal: ada, action: play, resource: film, context });
    assert.equal(explanation.decision, 'allow');
    assert.deepEqual(explanation.reasons, ['members-play']);
    assert.deepEqual(explanation.errors, [{ policy: 'friends', message: 'there is no attribute "friend"' }]);
  });

  it('says with an annotation why it refuses', () => {
    const child = member('child', { plan: 'premium', age: 9 });
    const { decision, reasons } = set.explain({ principal: child, action: play, resource: film, context });
    assert.equal(decision, 'deny');
    assert.deepEqual(
      reasons.map((id) => set.annotations(id)['reason']),
      ['Above the maturity level.'],
    );
  });

  it('denies without a reason what nothing allows', () => {
    const basic = member('basic', { plan: 'basic', age: 40 });
    assert.deepEqual(set.explain({ principal: basic, action: play, resource: film, context }).reasons, []);
    assert.equal(set.decide({ principal: basic, action: play, resource: film, context }), 'deny');
  });

  it('looks up what a request only names', () => {
    const store = new EntityStore([film, member('friend', { plan: 'premium', age: 40 })]);
    const entities = entitiesBefore([member('bob', { plan: 'basic', age: 40, friend: new Entity('Member', 'friend') })], store);
    const request = { principal: { type: 'Member', id: 'bob' }, action: play, resource: { type: 'Title', id: 'film' }, context, entities };
    assert.deepEqual(set.explain(request).reasons, ['friends']);
    assert.equal(set.decide(request), 'allow');
    assert.equal(set.decide({ ...request, entities: store }), 'deny', 'a member that nobody knows');
  });

  it('follows groups however far up', () => {
    const entities = readEntities(
      [
        { uid: { type: 'Member', id: 'eve' }, attrs: { plan: 'none', age: 30 }, parents: [{ type: 'Team', id: 'staff' }] },
        { uid: { type: 'Title', id: 'film' }, attrs: { maturity: 0, from: '2026-01-01', genres: [] }, parents: [] },
      ],
      set.schema,
    );
    assert.equal(
      set.decide({ principal: { type: 'Member', id: 'eve' }, action: play, resource: { type: 'Title', id: 'film' }, context, entities }),
      'allow',
    );
  });

  it('answers through a gate as it does otherwise', () => {
    const gate = set.gate({ principalType: 'Member', action: play, resourceType: 'Title' });
    for (const plan of ['premium', 'basic'])
      for (const age of [9, 40]) {
        const principal = member('m', { plan, age });
        assert.equal(gate.decide(principal, film, context), set.decide({ principal, action: play, resource: film, context }));
        assert.deepEqual(gate.explain(principal, film, context), set.explain({ principal, action: play, resource: film, context }));
      }
  });

  it('tells a catalogue what may be seen', () => {
    const child = member('child', { plan: 'premium', age: 9 });
    const filter = set.filter({ principal: child, action: play, resourceType: 'Title', context });
    assert.deepEqual(filter.predicate, { kind: 'not', of: { kind: 'more', path: ['maturity'], value: 9 } });
    assert.equal(filter.isExact, true);
    assert.equal(filter.matches(film), false);
  });

  it('fills the slots of templates', () => {
    const policies = { t: 'permit(principal == ?principal, action, resource);' };
    const link = { templateId: 't', newId: 'for-ada', values: { '?principal': { type: 'Member', id: 'ada' } } } as const;
    const linked = compilePolicies({ policies, links: [link], schema: SCHEMA });
    const ask = (id: string) => linked.explain({ principal: member(id, { plan: '', age: 1 }), action: play, resource: film, context });
    assert.deepEqual(ask('ada').reasons, ['for-ada']);
    assert.equal(ask('bob').decision, 'deny');
    assert.throws(() => compilePolicies({ policies, links: [{ ...link, values: {} }] }), /slot \?principal has no value/);
    assert.throws(() => compilePolicies({ policies, links: [{ ...link, templateId: 'u' }] }), /no template u/);
  });

  it('holds thousands of policies', () => {
    const many = Array.from(
      { length: 3000 },
      (_each, index) => `permit(principal == Member::"m${index}", action, resource) when { principal.age > ${index} };`,
    );
    const large = compilePolicies({ policies: many.join('\n'), schema: SCHEMA });
    const ask = (id: string) => large.explain({ principal: member(id, { plan: '', age: 2999 }), action: play, resource: film, context });
    assert.deepEqual(ask('m2998').reasons, ['policy2998']);
    assert.equal(ask('m2999').decision, 'deny');
    assert.equal(large.decide({ principal: member('m5', { plan: '', age: 2999 }), action: play, resource: film, context }), 'allow');
  });

  it('refuses two policies of one id', () => {
    assert.throws(
      () =>
        compilePolicies({
          policies: `@id("a") permit(principal, action, resource); @id("a") permit(principal, action, resource);`,
          ids: 'annotation',
        }),
      /two policies have the id a/,
    );
  });
});

describe('signals', () => {
  it('are refused with their name when they do not fit the schema', () => {
    const signals = { plan: 'premium', age: 40 };
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ ...signals, age: '40' }, /Member\.age: long is wanted/],
      [{ ...signals, age: 1.5 }, /Member\.age/],
      [{ ...signals, age: Number.NaN }, /Member\.age/],
      [{ plan: 'premium' }, /Member\.age is missing/],
      [{ ...signals, plan: null }, /Member\.plan/],
      [{ ...signals, friend: new Entity('Team', 'x') }, /Member\.friend: an entity of type Member/],
      [{ ...signals, friend: 'ada' }, /Member\.friend/],
    ];
    for (const [given, message] of wrong) assert.throws(() => member('x', given as typeof signals), message);
    assert.throws(() => title('t', { maturity: 1, from: 'yesterday', genres: [] }), /Title\.from: datetime is wanted/);
    assert.throws(() => title('t', { maturity: 1, from: '2026-01-01', genres: ['a', 1] }), /Title\.genres: string is wanted/);
    assert.throws(() => set.contextBuilder(play)({ country: 'DE', price: '1.23456' }), /context\.price/);
  });

  it('come to the same as JSON', () => {
    const asJson = readContext({ country: 'DE', price: '1.5' }, { schema: set.schema, action: play });
    assert.deepEqual({ ...set.contextBuilder(play)({ country: 'DE', price: '1.5' }) }, { ...asJson });
  });
});

describe('entities', () => {
  it('are refused where they do not conform to the schema', () => {
    const uid = { type: 'Member', id: 'a' };
    const attrs = { plan: 'p', age: 1 };
    const wrong: readonly (readonly [object, RegExp])[] = [
      [{ uid, attrs: { plan: 'p' } }, /attrs\.age is missing/],
      [{ uid, attrs: { ...attrs, age: '1' } }, /attrs\.age: long is wanted/],
      [{ uid, attrs: { ...attrs, extra: 1 } }, /extra: the schema knows no such attribute/],
      [{ uid, attrs, parents: [{ type: 'Member', id: 'b' }] }, /lets no Member be in a Member/],
      [{ uid, attrs, tags: { t: 1 } }, /lets no Member have tags/],
      [{ uid: { type: 'Nobody', id: 'a' }, attrs: {} }, /knows no type Nobody/],
      [{ uid, attrs: { ...attrs, friend: { type: 'Team', id: 'x' } } }, /of type Member is wanted, not Team/],
      [{ uid, attrs: { ...attrs, age: 1.5 } }, /no whole number/],
      [{ uid, attrs: null }, /an object is wanted/],
    ];
    for (const [entity, message] of wrong)
      assert.throws(
        () => readEntities([entity as never], set.schema),
        (error) => error instanceof PolicyFault && message.test(error.message),
      );
    assert.throws(
      () =>
        readEntities(
          [
            { uid, attrs },
            { uid, attrs },
          ] as never,
          set.schema,
        ),
      /given twice/,
    );
  });

  it('cannot be their own ancestors', () => {
    const ring = ['a', 'b'].map((id) => ({ uid: { type: 'T', id }, attrs: {}, parents: [{ type: 'T', id: id === 'a' ? 'b' : 'a' }] }));
    assert.throws(() => readEntities(ring, null), /its own ancestor/);
  });

  it('refer to one another directly, in rings too', () => {
    const entities = readEntities(
      ['a', 'b'].map((id) => ({
        uid: { type: 'Member', id },
        attrs: { plan: id, age: 1, friend: { type: 'Member', id: id === 'a' ? 'b' : 'a' } },
        parents: [],
      })),
      set.schema,
    );
    const a = entities.find('Member', 'a');
    assert.equal(a?.attributes?.['friend'], entities.find('Member', 'b'));
  });
});
