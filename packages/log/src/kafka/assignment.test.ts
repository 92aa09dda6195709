import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { assign, type Claimant } from './assignment.ts';

const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const newcomer = (member: string): Claimant => ({ member, holds: [], generation: -1 });

describe('assign', () => {
  it('shares evenly among newcomers', () => {
    assert.deepEqual(
      [...assign([newcomer('a'), newcomer('b'), newcomer('c')], 8).values()].map(({ length }) => length),
      [3, 3, 2],
    );
  });

  it('takes nothing from a holder at once: first it is told to let go, then another gets it', () => {
    const first = assign([{ member: 'a', holds: [0, 1, 2, 3], generation: 1 }, newcomer('b')], 4);
    assert.deepEqual([first.get('a'), first.get('b')], [[0, 1], []]);
    const second = assign(
      [
        { member: 'a', holds: [0, 1], generation: 2 },
        { member: 'b', holds: [], generation: 2 },
      ],
      4,
    );
    assert.deepEqual(
      [second.get('a'), second.get('b')],
      [
        [0, 1],
        [2, 3],
      ],
    );
  });

  it('believes the claim of the later generation, and neither of two equals', () => {
    const of = (generation: number): ReadonlyMap<string, readonly number[]> =>
      assign(
        [
          { member: 'a', holds: [0], generation: 3 },
          { member: 'b', holds: [0, 1], generation },
        ],
        2,
      );
    assert.deepEqual(of(2).get('a'), [0]);
    assert.deepEqual(new Set([...of(3).values()].flat()), new Set([0, 1]));
  });

  it('never gives a partition to two, nor one that somebody holds to somebody else, and settles evenly after one more round', (test) => {
    test.diagnostic(`seed ${seed}`);
    const group = fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 24 }), fc.array(fc.nat(12), { minLength: 24, maxLength: 24 }))
      .map(([members, partitions, holders]) => {
        const holds = Array.from({ length: members }, (): number[] => []);
        for (let partition = 0; partition < partitions; partition += 1) holds[holders[partition] ?? 0]?.push(partition);
        return { partitions, claimants: holds.map((of, index) => ({ member: `m${index}`, holds: of, generation: 1 })) };
      });
    fc.assert(
      fc.property(group, ({ partitions, claimants }) => {
        const first = assign(claimants, partitions);
        const given = [...first.values()].flat();
        assert.equal(new Set(given).size, given.length);
        for (const [member, of] of first) {
          for (const partition of of) {
            assert.ok(claimants.every((claimant) => claimant.member === member || !claimant.holds.includes(partition)));
          }
        }
        const second = assign(
          [...first].map(([member, holds]) => ({ member, holds, generation: 2 })),
          partitions,
        );
        assert.equal([...second.values()].flat().length, partitions);
        for (const [member, of] of first)
          assert.ok(
            of.every((partition) => second.get(member)?.includes(partition)),
            'moved for nothing',
          );
        const sizes = [...second.values()].map(({ length }) => length);
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
      }),
      { seed },
    );
  });
});
