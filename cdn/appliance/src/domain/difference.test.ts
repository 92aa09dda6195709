import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { inventoryOf, missingFiles, surplusFiles, type Wanted } from './difference.ts';

const file = (name: string, bytes: number) => ({ name, bytes, sha256: '0'.repeat(64) });
const PLAN: Wanted[] = [
  { editionId: 'e1', files: [file('1080p.mp4', 900), file('240p.mp4', 90)] },
  { editionId: 'e2', files: [file('240p.mp4', 50)] },
];

describe('what is missing and what is too much', () => {
  it('is fetched smallest first over all editions', () => {
    assert.deepEqual(
      missingFiles(PLAN, (editionId) => editionId === 'e2').map((item) => item.file.bytes),
      [90, 900],
    );
    assert.deepEqual(
      missingFiles(PLAN, () => false).map((item) => item.file.bytes),
      [50, 90, 900],
    );
  });

  it('is deleted when no plan names it', () => {
    const held = [
      { editionId: 'e1', name: '240p.mp4' },
      { editionId: 'e2', name: '1080p.mp4' },
      { editionId: 'e3', name: '240p.mp4' },
    ];
    assert.deepEqual(surplusFiles(PLAN, held), held.slice(1));
  });

  it('is reported as whole editions and bytes of the others', () => {
    const isHeld = (editionId: string, { bytes }: { bytes: number }): boolean => editionId === 'e2' || bytes === 90;
    assert.deepEqual(inventoryOf(PLAN, isHeld), { editions: ['e2'], fillingBytes: { e1: 90 } });
    assert.deepEqual(
      inventoryOf(PLAN, () => false),
      { editions: [], fillingBytes: { e1: 0, e2: 0 } },
    );
  });

  it('accounts for every file once, held or missing', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')), fc.func(fc.boolean()), (names, decide) => {
        const plan = names.map((editionId) => ({ editionId, files: [file('x', 3), file('y', 4)] }));
        const isHeld = (editionId: string, { name }: { name: string }): boolean => decide(editionId, name);
        const missing = missingFiles(plan, isHeld).reduce((sum, item) => sum + item.file.bytes, 0);
        const { editions, fillingBytes } = inventoryOf(plan, isHeld);
        const held = editions.length * 7 + Object.values(fillingBytes).reduce((sum, bytes) => sum + bytes, 0);
        assert.equal(held + missing, names.length * 7);
      }),
    );
  });
});
