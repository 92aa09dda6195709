import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { composeServices } from '@theguild/federation-composition';
import { execute, parse, validate } from 'graphql';
import type { ExecutionResult } from 'graphql';

import type { RequestContext } from '@bioscope/rpc';

import { generateTypes, TYPES_FILE } from './generate-types.ts';
import type { DomainGraph } from './serve-graph.ts';
import { subgraphSchema } from './subgraph-schema.ts';

export { askGraph } from './ask-graph.ts';
export type { GraphAnswer } from './ask-graph.ts';

export type AskGraph = (query: string, variables?: Readonly<Record<string, unknown>>) => Promise<ExecutionResult>;

/** Asks a domain service's part of the graph without a network: one request with loaders of its own per question. */
export function graphAsker<Asker, Loaders>(
  graph: Pick<DomainGraph<Asker, Loaders>, 'sdl' | 'resolvers' | 'loaders'>,
  asker: Asker,
): AskGraph {
  const schema = subgraphSchema(graph.sdl, graph.resolvers);
  return async (query, variables = {}) => {
    const document = parse(query);
    const errors = validate(schema, document);
    if (errors.length > 0) return { errors };
    const call = testCall();
    return await execute({
      schema,
      document,
      variableValues: { ...variables },
      contextValue: { asker, call, loaders: graph.loaders({ asker, call }) },
    });
  };
}

export type DomainGraphContract<Asker, Loaders> = Pick<DomainGraph<Asker, Loaders>, 'unit' | 'resolvers' | 'loaders'> & {
  /** The unit's own, where `schema.graphql` and package.json lie: `join(import.meta.dirname, '..')`. */
  readonly folder: string;
  readonly asker: Asker;
  /** For each entity: keys of two or more that exist, and one of none. */
  readonly entities: Readonly<
    Record<string, { readonly known: readonly Readonly<Record<string, string>>[]; readonly unknown: Readonly<Record<string, string>> }>
  >;
  /** How often the store was read so far: all entities of a question are to be read at once. */
  readonly reads: () => number;
};

/** What every domain graph service promises the rest of the graph. */
export function describeDomainGraph<Asker, Loaders>(contract: DomainGraphContract<Asker, Loaders>): void {
  const { unit, folder, entities, reads } = contract;
  const sdl = readFileSync(join(folder, 'schema.graphql'), 'utf8');
  const ask = graphAsker({ ...contract, sdl }, contract.asker);

  describe(`the graph of ${unit}`, () => {
    it('composes on its own', () => {
      const { errors } = composeServices([{ name: unit, typeDefs: parse(sdl) }]);
      assert.deepEqual(errors?.map(({ message }) => message) ?? [], []);
    });

    it('has the types that its schema generates', async () => {
      assert.equal(readFileSync(join(folder, TYPES_FILE), 'utf8'), await generateTypes(folder));
    });

    for (const [typeName, { known, unknown }] of Object.entries(entities)) {
      it(`answers for ${typeName} by key: in order, all in one read, null for what there is not`, async () => {
        assert(known.length > 1, 'two known keys or more are wanted');
        const keys = [...known.toReversed(), unknown, ...known];
        const before = reads();
        const result = await ask(
          `query ($keys: [_Any!]!) { _entities(representations: $keys) { ... on ${typeName} { ${Object.keys(unknown).join(' ')} } } }`,
          { keys: keys.map((key) => ({ __typename: typeName, ...key })) },
        );
        assert.deepEqual(JSON.parse(JSON.stringify(result)), { data: { _entities: keys.map((key) => (key === unknown ? null : key)) } });
        assert(reads() - before <= 1, `the store was read ${reads() - before} times for ${keys.length} keys`);
      });
    }
  });
}

function testCall(): RequestContext {
  return {
    caller: 'graph',
    deadlineAtMs: Date.now() + 10_000,
    signal: new AbortController().signal,
    traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-00`,
    requestId: 'test',
    header: () => undefined,
  };
}
