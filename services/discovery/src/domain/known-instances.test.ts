import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Instance } from '@bioscope/rpc';
import { createKnownInstances } from './known-instances.ts';
import type { KnownInstances, News } from './known-instances.ts';

function instance(n: number, about: Partial<Instance> = {}): Instance {
  return {
    service: 'playback',
    instanceId: `p${n}`,
    address: `127.0.0.1:${n + 1}`,
    zone: 'a',
    region: 'local',
    load: 0,
    isDoubtful: false,
    ...about,
  };
}

const instances = (count: number): Instance[] => Array.from({ length: count }, (_, n) => instance(n));

function whole(copy: string, named: readonly Instance[]): News {
  return { copy, version: 1, isWhole: true, instances: named, gone: [] };
}

/** Ids, those in doubt with a question mark. */
function told(known: KnownInstances, nowMs: number): string[] {
  return known.instances(nowMs).map(({ instanceId, isDoubtful }) => instanceId + (isDoubtful === true ? '?' : ''));
}

describe('what a caller knows of who runs', () => {
  it('follows the changes that a copy tells', () => {
    const known = createKnownInstances();
    known.take(whole('one', instances(3)), 0);
    known.take({ copy: 'one', version: 2, isWhole: false, instances: [instance(1, { load: 0.9 }), instance(3)], gone: [instance(0)] }, 0);
    assert.deepEqual(known.known, { copy: 'one', version: 2 });
    assert.deepEqual(told(known, 0), ['p1', 'p2', 'p3']);
    assert.equal(known.instances(0)[0]?.load, 0.9);
  });

  it('keeps for four seconds whom another copy does not name, and asks them only when nobody else is there', () => {
    const known = createKnownInstances();
    known.take(whole('one', instances(6)), 0);
    known.take(whole('two', instances(4)), 10_000);
    assert.deepEqual(told(known, 13_999), ['p0', 'p1', 'p2', 'p3', 'p4?', 'p5?']);
    assert.equal(known.keptUntilMs(), 14_000);
    assert.deepEqual(told(known, 14_000), ['p0', 'p1', 'p2', 'p3']);
    assert.equal(known.keptUntilMs(), undefined);
  });

  it('keeps them longer when a copy names hardly anybody: then it is the copy that is cut off', () => {
    const known = createKnownInstances();
    known.take(whole('one', instances(6)), 0);
    known.take(whole('two', instances(1)), 1_000);
    assert.deepEqual(told(known, 500_000), ['p0', 'p1?', 'p2?', 'p3?', 'p4?', 'p5?']);
    known.take({ copy: 'two', version: 2, isWhole: false, instances: instances(4), gone: [] }, 500_000);
    assert.deepEqual(told(known, 500_001), ['p0', 'p1', 'p2', 'p3'], 'and lets go when the others are named again');
    known.take(whole('three', []), 600_000);
    assert.deepEqual(told(known, 1_200_000), []);
  });

  it('believes a departure, and that an instance has taken the address of another', () => {
    const known = createKnownInstances();
    known.take(whole('one', instances(4)), 0);
    known.take(whole('two', [instance(0), instance(9, { address: instance(1).address })]), 1_000);
    assert.deepEqual(told(known, 1_000), ['p0', 'p9', 'p2?', 'p3?']);
    known.take({ copy: 'two', version: 2, isWhole: false, instances: [], gone: [instance(3)] }, 1_000);
    assert.deepEqual(told(known, 1_000), ['p0', 'p9', 'p2?']);
  });

  it('takes the whole picture of the same copy as it is', () => {
    const known = createKnownInstances();
    known.take(whole('one', instances(4)), 0);
    known.take({ ...whole('one', instances(2)), version: 9 }, 1_000);
    assert.deepEqual(told(known, 1_000), ['p0', 'p1']);
  });
});
