import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import type { Composed } from './compose.ts';
import { decidePublish, foldSchemaEvent, NO_GRAPH, type GraphRecord } from './graph.ts';

/** Schemas of a toy language, `needs:x,y`: all that is needed must be there, and `bad` never fits. */
function compose(parts: ReadonlyMap<string, string>): Composed {
  const missing = [...parts].flatMap(([name, sdl]) =>
    sdl === 'bad'
      ? [`${name} is bad`]
      : sdl
          .split(',')
          .filter((needed) => needed !== '' && !parts.has(needed))
          .map((needed) => `${name} needs ${needed}`),
  );
  if (missing.length > 0) return { kind: 'refused', reasons: missing };
  const sdl = [...parts]
    .map(([name, part]) => `${name}=${part}`)
    .sort()
    .join(';');
  return { kind: 'composed', sdl, sha256: sdl };
}

function publishAll(publications: readonly (readonly [string, string])[]): { record: GraphRecord; kinds: string[] } {
  let record = NO_GRAPH;
  const kinds: string[] = [];
  for (const [service, sdl] of publications) {
    const decision = decidePublish(record, { service, sdl, version: '1' }, compose);
    kinds.push(decision.kind);
    if (decision.kind !== 'unchanged') for (const event of decision.events) record = foldSchemaEvent(record, event);
  }
  return { record, kinds };
}

describe('deciding about a publication', () => {
  it('keeps the last good schema of a service whose new one is refused', () => {
    const { record, kinds } = publishAll([
      ['a', ''],
      ['a', 'bad'],
      ['b', ''],
    ]);
    assert.deepEqual(kinds, ['accepted', 'refused', 'accepted']);
    assert.equal(record.accepted.get('a')?.sdl, '');
    assert.equal(record.graphVersion, 2);
  });

  it('ends the waiting of a refused schema when its service goes back to the one before', () => {
    const { record, kinds } = publishAll([
      ['a', ''],
      ['a', 'b'],
      ['a', ''],
    ]);
    assert.deepEqual([kinds, record.waiting.size], [['accepted', 'refused', 'accepted'], 0]);
    assert.deepEqual(
      publishAll([
        ['a', ''],
        ['a', 'b'],
        ['a', ''],
        ['b', ''],
      ]).record.accepted.get('a')?.sdl,
      '',
    );
  });

  it('never holds a graph that does not compose, and ends with the same one in whatever order good schemas come', () => {
    const sdl = fc.constantFrom('', 'a', 'b', 'a,b', 'c', 'bad');
    const publication = fc.tuple(fc.constantFrom('a', 'b', 'c'), sdl);
    fc.assert(
      fc.property(fc.array(publication, { maxLength: 12 }), (publications) => {
        const { record } = publishAll(publications);
        if (record.accepted.size > 0)
          assert.equal(compose(new Map([...record.accepted].map(([name, part]) => [name, part.sdl]))).kind, 'composed');
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(
        fc.shuffledSubarray(['a', 'b', 'c'], { minLength: 3 }),
        fc.constantFrom(['', 'a', 'b'], ['b', 'a', 'a,b'], ['c', 'a', 'b'], ['', '', 'a,b']),
        (order, sdls) => {
          const schemas = new Map(['a', 'b', 'c'].map((name, n) => [name, sdls[n] ?? '']));
          const { record } = publishAll(order.map((name) => [name, schemas.get(name) ?? ''] as const));
          assert.deepEqual([...record.accepted.keys()].sort(), ['a', 'b', 'c']);
        },
      ),
      { numRuns: 100 },
    );
  });
});
