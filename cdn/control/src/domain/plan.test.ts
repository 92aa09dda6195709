import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { ApplianceSchema, EditionPlanSchema, type Appliance, type EditionPlan } from '../../contract/index.ts';
import { planFor } from './plan.ts';

const edition = (editionId: string, bytes: number): EditionPlan =>
  create(EditionPlanSchema, { editionId, titleId: `t-${editionId}`, files: [{ name: 'a.mp4', bytes, sha256: '0'.repeat(64) }] });
const appliance = (id: string, change: Partial<Pick<Appliance, 'healthy' | 'editions'>> = {}): Appliance =>
  create(ApplianceSchema, { id, baseUrl: `http://${id}`, healthy: true, ...change });

const EDITIONS = [edition('big', 900), edition('small', 10), edition('middle', 100)];

describe('the plan of an appliance', () => {
  it('holds everything, the quickest to fill first', () => {
    const plan = planFor({ applianceId: 'a1', editions: EDITIONS, appliances: [] });
    assert.deepEqual(
      plan.editions.map(({ editionId }) => editionId),
      ['small', 'middle', 'big'],
    );
  });

  it('puts what is popular before what is small', () => {
    const popularityOf = (id: string): number => (id === 'big' ? 5 : 0);
    const plan = planFor({ applianceId: 'a1', editions: EDITIONS, appliances: [], popularityOf });
    assert.equal(plan.editions[0]?.editionId, 'big');
  });

  it('names the other healthy appliances as peers, never the appliance itself', () => {
    const appliances = [appliance('a3'), appliance('a1'), appliance('a2'), appliance('a4', { healthy: false })];
    const plan = planFor({ applianceId: 'a1', editions: [], appliances });
    assert.deepEqual(
      plan.peers.map(({ id }) => id),
      ['a2', 'a3'],
    );
  });

  it('has the same version for the same content, whatever its order, and another one after any change', () => {
    const peers = [appliance('a2', { editions: ['x', 'y'] })];
    const version = planFor({ applianceId: 'a1', editions: EDITIONS, appliances: peers }).version;
    assert.equal(planFor({ applianceId: 'a1', editions: EDITIONS.toReversed(), appliances: peers }).version, version);
    const reordered = [appliance('a2', { editions: ['y', 'x'] })];
    assert.equal(planFor({ applianceId: 'a1', editions: EDITIONS, appliances: reordered }).version, version);
    assert.notEqual(planFor({ applianceId: 'a1', editions: EDITIONS.slice(1), appliances: peers }).version, version);
    assert.notEqual(planFor({ applianceId: 'a1', editions: EDITIONS, appliances: [] }).version, version);
    assert.notEqual(planFor({ applianceId: 'a1', editions: EDITIONS, appliances: [appliance('a2')] }).version, version);
    assert(Number.isSafeInteger(version) && version > 0);
  });
});
