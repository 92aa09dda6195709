import { Kind, print } from 'graphql';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';

import { latestUsed } from '@bioscope/graph';
import type { QueryPlan } from '@graphql-hive/router-query-planner';

import { conditionVariables, decideConditions, withoutEmptySets } from '../domain/conditions.ts';
import { compileProjection, type Project } from '../domain/projection/projection.ts';
import { compilePlan } from '../execute/compile-plan.ts';
import type { Step } from '../execute/run.ts';
import type { LoadedGraph } from '../graph/load-graph.ts';
import { refused, type Refused } from './refused.ts';

/** An operation with its conditions decided: what is run. */
export type Variant = {
  readonly kind: 'variant';
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** Introspection is answered from the schema, without a plan. */
  readonly run: Step | 'introspection';
  readonly project: Project;
};
export type FindVariant = (variables: Readonly<Record<string, unknown>>) => Promise<Variant | Refused>;

/** An app's operation has one or two conditions. */
const VARIANTS_MAX = 16;
/** Of progressive overrides, which are not in use. */
const LABELS: Set<string> = new Set();

/** Plans and compiles an operation once for each outcome of its conditions. */
export function variants(graph: LoadedGraph, document: DocumentNode, operation: OperationDefinitionNode): FindVariant {
  const names = conditionVariables(document);
  const known = latestUsed<string, Promise<Variant | Refused>>({ entriesMax: VARIANTS_MAX });
  return async (variables) => {
    const outcome = names.map((name) => (variables[name] === true ? '1' : '0')).join('');
    const found = known.get(outcome);
    if (found !== undefined) return await found;
    const making = makeVariant(graph, decideConditions(document, variables), operation.name?.value);
    known.set(outcome, making);
    return await making;
  };
}

async function makeVariant(graph: LoadedGraph, document: DocumentNode, operationName: string | undefined): Promise<Variant | Refused> {
  const operation = document.definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && (operationName === undefined || definition.name?.value === operationName),
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new TypeError('the operation got lost');
  const project = compileProjection(graph.schema, document, operation);
  const variant = { kind: 'variant' as const, document, operationName, project };
  switch (asksFor(operation)) {
    case 'nothing':
      return { ...variant, run: async () => undefined };
    case 'introspection':
      return { ...variant, run: 'introspection' };
    case 'both':
      return refused('INTROSPECTION_APART', 'ask for __schema and __type in an operation of their own');
    case 'data':
      break;
  }
  let plan: QueryPlan;
  try {
    plan = await graph.planner.planAsync(print(withoutEmptySets(document)), operationName, LABELS, 0);
  } catch (fault) {
    // It has passed validation: what the planner has against it is a fault of the graph, told in the planner's words.
    return refused('OPERATION_NOT_PLANNABLE', fault instanceof Error ? fault.message : String(fault));
  }
  return { ...variant, run: compilePlan(plan, graph.meets) };
}

/** Introspection is at the root only, and tools ask for nothing beside it. */
function asksFor({ selectionSet }: OperationDefinitionNode): 'nothing' | 'introspection' | 'data' | 'both' {
  const names = selectionSet.selections.map((selection) => (selection.kind === Kind.FIELD ? selection.name.value : ''));
  const hasSchema = names.some((name) => name === '__schema' || name === '__type');
  const hasData = names.some((name) => !name.startsWith('__'));
  if (hasSchema) return hasData ? 'both' : 'introspection';
  return hasData ? 'data' : 'nothing';
}
