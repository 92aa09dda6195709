import { execute, GraphQLObjectType, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import type { ResolverMap } from '@bioscope/graph';

import { loadGraph } from '../src/graph/load-graph.ts';
import { asRecord, littleResolvers } from './little-services.ts';

export type OneSchema = { readonly schema: GraphQLSchema; answer(query: string, variables: object): Answered };
export type Answered = {
  readonly isValid: boolean;
  readonly data: unknown;
  readonly errors: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
};

/** The whole graph as one schema in one process, executed by graphql-js: what the gateway's answers are compared with. */
export function oneSchema(supergraph: { readonly sdl: string; readonly sha256: string }): OneSchema {
  const { schema } = loadGraph(supergraph);
  const counter = { value: 0 };
  for (const resolvers of Object.values(littleResolvers(asRecord, counter))) attach(schema, resolvers);
  return {
    schema,
    answer(query, variables) {
      const document = parse(query);
      if (validate(schema, document).length > 0) return { isValid: false, data: null, errors: [] };
      const result = execute({ schema, document, variableValues: { ...variables } });
      if (result instanceof Promise) throw new TypeError('the resolvers are all synchronous');
      const errors = (result.errors ?? []).map(({ path, message }) => ({ path: path ?? [], message }));
      return { isValid: true, data: JSON.parse(JSON.stringify(result.data)), errors };
    },
  };
}

function attach(schema: GraphQLSchema, resolvers: ResolverMap): void {
  for (const [typeName, entry] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!(type instanceof GraphQLObjectType) || entry === undefined) throw new TypeError(`there is no object type ${typeName}`);
    for (const [name, resolver] of Object.entries(entry)) {
      if (name === '__resolveReference') continue;
      const field = type.getFields()[name];
      if (field === undefined) throw new TypeError(`there is no ${typeName}.${name}`);
      field.resolve = resolver as NonNullable<typeof field.resolve>;
    }
  }
}
