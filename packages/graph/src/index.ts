export { graphRefusal } from './graph-errors.ts';
export { latestUsed } from './latest-used.ts';
export type { LatestUsed } from './latest-used.ts';
export type { SchemaRegistry } from './publish-schema.ts';
export { readJson } from './read-json.ts';
export { serveGraph } from './serve-graph.ts';
export type { DomainGraph, GraphContext } from './serve-graph.ts';
export { subgraphSchema } from './subgraph-schema.ts';
export type { ResolverMap } from './subgraph-schema.ts';
