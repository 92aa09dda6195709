import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNearestCopy } from './nearest-copy.ts';
import type { NearestCopy } from './nearest-copy.ts';

function copy(address: string, zone: string, region = 'a') {
  return { service: 'discovery', instanceId: address, address, zone, region, load: 0 };
}

const COPIES = [copy('remote', '1', 'b'), copy('near', '2'), copy('own', '1'), copy('nearby', '3')];

function start(copies = COPIES): NearestCopy {
  return createNearestCopy({ copies: () => copies, zone: '1', region: 'a' });
}

describe('the copy that a process uses', () => {
  it('is that of its zone, then one of its region, then any', () => {
    const nearest = start();
    const used = [0, 1, 2, 3].map((nowMs) => {
      const address = nearest.current(nowMs) ?? '';
      nearest.leave(address, nowMs);
      return address;
    });
    assert.deepEqual(used, ['own', 'near', 'nearby', 'remote']);
    assert.equal(nearest.current(4), 'own', 'the one left longest ago, when all are');
  });

  it('stays the same until it is left, and is not left for the silence of another', () => {
    const nearest = start();
    nearest.leave(nearest.current(0) ?? '', 0);
    assert.equal(nearest.current(60_000), 'near');
    nearest.leave('own', 60_000);
    assert.equal(nearest.current(60_000), 'near');
  });

  it('is a nearer one again when that answers', () => {
    const nearest = start();
    assert.deepEqual(nearest.nearer(), []);
    nearest.leave(nearest.current(0) ?? '', 0);
    nearest.leave(nearest.current(0) ?? '', 0);
    assert.deepEqual(nearest.nearer(), ['own', 'near']);
    nearest.comeBack('own');
    assert.equal(nearest.current(1), 'own');
  });

  it('changes when it is no longer known, and is none when there are none', () => {
    let copies = COPIES;
    const nearest = createNearestCopy({ copies: () => copies, zone: '1', region: 'a' });
    assert.equal(nearest.current(0), 'own');
    copies = COPIES.filter(({ address }) => address !== 'own');
    assert.equal(nearest.current(0), 'near');
    copies = [];
    assert.equal(nearest.current(0), undefined);
  });

  it('stays the only one, however often it does not answer', () => {
    const nearest = start([copy('only', '')]);
    nearest.leave('only', 0);
    assert.equal(nearest.current(0), 'only');
  });
});
