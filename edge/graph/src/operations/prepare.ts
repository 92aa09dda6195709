import {
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

import { checkLimits } from '../domain/limits.ts';
import type { LoadedGraph } from '../graph/load-graph.ts';
import { refused, type Refused } from './refused.ts';
import { variants, type FindVariant } from './variants.ts';

export type Operation = {
  readonly kind: 'query' | 'mutation';
  readonly node: OperationDefinitionNode;
  readonly variantFor: FindVariant;
};
export type Prepared = { readonly kind: 'ready'; readonly operation: Operation } | Refused;

/** A document of 64 KiB has at most some ten thousand. */
const TOKENS_MAX = 15_000;

/** Reads and checks an operation: milliseconds, to be spent once per operation and graph. */
export function prepare(
  graph: LoadedGraph,
  text: string,
  operationName: string | undefined,
  { mayIntrospect }: { readonly mayIntrospect: boolean },
): Prepared {
  let document: DocumentNode;
  try {
    document = parse(text, { noLocation: true, maxTokens: TOKENS_MAX });
  } catch (fault) {
    return refused('GRAPHQL_PARSE_FAILED', fault instanceof GraphQLError ? fault.message : String(fault));
  }
  const limit = checkLimits(document);
  if (limit !== undefined) return refused(limit.code, limit.message);
  const faults = validate(graph.schema, document, mayIntrospect ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]);
  if (faults.length > 0) return refused('GRAPHQL_VALIDATION_FAILED', ...faults.map((fault) => fault.message));
  const node = getOperationAST(document, operationName);
  if (node === null || node === undefined)
    return refused('OPERATION_UNKNOWN', 'name the operation of the document that is meant (operationName)');
  if (node.operation === OperationTypeNode.SUBSCRIPTION) return refused('SUBSCRIPTIONS_ABSENT', 'subscriptions are not served');
  return { kind: 'ready', operation: { kind: node.operation, node, variantFor: variants(graph, document, node) } };
}
