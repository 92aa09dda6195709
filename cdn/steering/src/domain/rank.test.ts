import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { ApplianceSchema, type Appliance } from '@bioscope/control/contract';
import * as fc from 'fast-check';
import { rank, type Ranked } from './rank.ts';
import { steeringReply } from './steering-reply.ts';

type Change = {
  healthy?: boolean;
  troubles?: string[];
  load?: number;
  editions?: string[];
  fillingBytes?: Record<string, number>;
  site?: string;
  region?: string;
};

const appliance = (id: string, change: Change = {}): Appliance =>
  create(ApplianceSchema, { id, baseUrl: `http://${id}`, healthy: true, editions: ['e1'], ...change });

const rankOf = (
  appliances: readonly Appliance[],
  sessionId = 's1',
  nearness: (appliance: Appliance) => number = () => 0,
): readonly Ranked[] => rank({ editionId: 'e1', sessionId, appliances, editionBytes: 1_000, nearness, region: 'a' });

const idsOf = (ranked: readonly Ranked[]): string[] => ranked.map(({ appliance: { id } }) => id);

const WITHOUT = { editions: [] };
const FILLING = { editions: [], fillingBytes: { e1: 500 } };

describe('ranking appliances', () => {
  it('puts whole before part before none before dead, and says why', () => {
    const ranked = rankOf([
      appliance('dead', { healthy: false, troubles: ['nginx is down'] }),
      appliance('empty', WITHOUT),
      appliance('part', FILLING),
      appliance('full-disk', { troubles: ['disk full'] }),
      appliance('well'),
    ]);
    assert.deepEqual(
      ranked.map(({ appliance: { id }, usable, why }) => ({ id, usable, why })),
      [
        { id: 'well', usable: true, why: "1: holds the edition, is well; then by the session's own order" },
        { id: 'full-disk', usable: true, why: "2: holds the edition, but: disk full; then by the session's own order" },
        { id: 'part', usable: false, why: '3: holds 50 % of the edition' },
        { id: 'empty', usable: false, why: '4: does not hold the edition' },
        { id: 'dead', usable: false, why: '5: cannot serve: nginx is down' },
      ],
    );
  });

  it('puts those of its own region first, but the third is of another, so that the loss of a region is outlived', () => {
    const appliances = ['a1', 'a2', 'a3', 'b1', 'b2'].map((id) => appliance(id, { region: id.charAt(0) }));
    for (const session of ['s1', 's2', 's3', 's4']) {
      const regions = rankOf(appliances, session).map(({ appliance: { region } }) => region);
      assert.deepEqual(regions, ['a', 'a', 'b', 'a', 'b']);
    }
    const noneThere = appliances.map((each) => (each.region === 'b' ? appliance(each.id, { region: 'b', healthy: false }) : each));
    assert.deepEqual(
      rankOf(noneThere).map(({ appliance: { region } }) => region),
      ['a', 'a', 'a', 'b', 'b'],
    );
  });

  it('prefers the near one of two that can serve, but never a near one that cannot', () => {
    const near = ({ id }: Appliance): number => (id === 'near' ? 24 : 0);
    for (const session of ['s1', 's2', 's3', 's4']) {
      assert.deepEqual(idsOf(rankOf([appliance('far'), appliance('near')], session, near)), ['near', 'far']);
      assert.deepEqual(idsOf(rankOf([appliance('far'), appliance('near', FILLING)], session, near)), ['far', 'near']);
    }
  });

  it('moves sessions away from load that can be felt, and not for less', () => {
    const sessions = Array.from({ length: 50 }, (_, index) => `s${index}`);
    for (const session of sessions) {
      assert.deepEqual(idsOf(rankOf([appliance('busy', { load: 0.9 }), appliance('idle')], session)), ['idle', 'busy']);
    }
    const light = sessions.map((session) => idsOf(rankOf([appliance('a', { load: 0.6 }), appliance('b')], session))[0]);
    assert.deepEqual(new Set(light), new Set(['a', 'b']));
  });

  it('spreads sessions evenly over equals', () => {
    const appliances = ['a', 'b', 'c', 'd'].map((id) => appliance(id));
    const counts = new Map<string | undefined, number>();
    for (let session = 0; session < 4_000; session++) {
      const first = idsOf(rankOf(appliances, `session-${session}`))[0];
      counts.set(first, (counts.get(first) ?? 0) + 1);
    }
    // 1000 each; five standard deviations are 137.
    for (const [id, count] of counts) assert(Math.abs(count - 1_000) < 137, `${id}: ${count}`);
    assert.equal(counts.size, 4);
  });

  const anyAppliance = fc.record({
    id: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
    healthy: fc.boolean(),
    troubles: fc.array(fc.constantFrom('disk full', 'corrupt file'), { maxLength: 2 }),
    load: fc.double({ min: 0, max: 1, noNaN: true }),
    editions: fc.subarray(['e1', 'e2']),
    fillingBytes: fc.dictionary(fc.constantFrom('e1', 'e2'), fc.integer({ min: 0, max: 2_000 }), { maxKeys: 2 }),
  });
  const anyNetwork = fc
    .uniqueArray(anyAppliance, { selector: ({ id }) => id, maxLength: 12 })
    .map((list) => list.map(({ id, ...change }) => appliance(id, change)));
  const anySession = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);

  it('names every appliance once, in an order that does not depend on the order given', () => {
    fc.assert(
      fc.property(anyNetwork, anySession, (network, session) => {
        const ranked = rankOf(network, session);
        assert.deepEqual(idsOf(ranked).sort(), network.map(({ id }) => id).sort());
        assert.deepEqual(rankOf(network.toReversed(), session), ranked);
      }),
    );
  });

  it('never ranks what cannot serve above what can', () => {
    fc.assert(
      fc.property(anyNetwork, anySession, (network, session) => {
        const ranked = rankOf(network, session);
        const firstUnusable = ranked.findIndex(({ usable }) => !usable);
        assert(firstUnusable === -1 || ranked.slice(firstUnusable).every(({ usable }) => !usable));
        for (const { appliance: each, usable } of ranked) assert.equal(usable, each.healthy && each.editions.includes('e1'));
      }),
    );
  });

  it('moves only the sessions of an appliance that went away', () => {
    fc.assert(
      fc.property(anyNetwork, anySession, fc.nat(), (network, session, pick) => {
        fc.pre(network.length > 0);
        const gone = network[pick % network.length]?.id;
        const before = idsOf(rankOf(network, session)).filter((id) => id !== gone);
        const after = idsOf(
          rankOf(
            network.filter(({ id }) => id !== gone),
            session,
          ),
        );
        assert.deepEqual(after, before);
      }),
    );
  });
});

describe('the steering reply', () => {
  it('names all pathways and lives shorter while anything is ill', () => {
    const well = rankOf([appliance('a')]);
    assert.deepEqual(steeringReply(well, '/steering/v1/s/e1'), {
      VERSION: 1,
      TTL: 10,
      'RELOAD-URI': '/steering/v1/s/e1',
      'PATHWAY-PRIORITY': ['a'],
    });
    assert.equal(steeringReply(rankOf([appliance('a'), appliance('b', { healthy: false })]), '/x').TTL, 5);
    assert.equal(steeringReply(rankOf([appliance('a', { troubles: ['disk full'] })]), '/x').TTL, 5);
  });
});
