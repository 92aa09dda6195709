import { createHash } from 'node:crypto';

import { buildASTSchema, Kind, parse, visit } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { QueryPlanner } from '@graphql-hive/router-query-planner';

import { typeConditions, type MeetsType } from '../domain/type-conditions.ts';

/** A composed graph, ready to plan with. */
export type LoadedGraph = {
  readonly sha256: string;
  /** What clients may see. */
  readonly schema: GraphQLSchema;
  readonly planner: QueryPlanner;
  readonly meets: MeetsType;
};

/** Throws when it is no supergraph, or not the one that its name says. */
export function loadGraph(supergraph: { readonly sdl: string; readonly sha256: string }): LoadedGraph {
  const sha256 = createHash('sha256').update(supergraph.sdl).digest('hex');
  if (sha256 !== supergraph.sha256) throw new TypeError(`the graph ${supergraph.sha256} has the bytes of ${sha256}`);
  const planner = new QueryPlanner(supergraph.sdl);
  return {
    sha256,
    planner,
    schema: publicSchema(planner.consumerSchema),
    meets: typeConditions(parse(supergraph.sdl, { noLocation: true })),
  };
}

/** The planner's idea of what clients see also defines introspection, which graphql-js brings itself. */
function publicSchema(sdl: string): GraphQLSchema {
  const document = visit(parse(sdl, { noLocation: true }), {
    enter(node) {
      const isDefinition =
        node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.FIELD_DEFINITION;
      return isDefinition && node.name.value.startsWith('__') ? null : undefined;
    },
  });
  // It was checked where it was composed.
  return buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
}
