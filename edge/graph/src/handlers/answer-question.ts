import { executeSync, getVariableValues } from 'graphql';

import { isData } from '../domain/data.ts';
import { addError, type ReplyError } from '../domain/errors.ts';
import type { AskSubgraph, Run } from '../execute/run.ts';
import type { LoadedGraph } from '../graph/load-graph.ts';
import type { PersistedOperations } from '../operations/persisted.ts';
import type { Variant } from '../operations/variants.ts';
import type { PreparedOperations } from '../operations/prepared-operations.ts';
import type { Question } from './read-question.ts';

export type AnswerQuestion = {
  readonly graph: () => LoadedGraph | undefined;
  readonly operations: PreparedOperations;
  readonly persisted: PersistedOperations;
  /** Anybody may ask anything: for development. */
  readonly isOpen: boolean;
};
export type Answer = { readonly status: number; readonly text: string };

/** One question, from text to text. `mayAskAnything` is asked about questions that are not listed; `ask` is the way to the domain services for this request. */
export async function answerQuestion(
  parts: AnswerQuestion,
  question: Question,
  { mayAskAnything, ask }: { readonly mayAskAnything: () => Promise<boolean>; readonly ask: AskSubgraph },
): Promise<Answer> {
  const graph = parts.graph();
  if (graph === undefined) return refusal(503, 'GRAPH_UNAVAILABLE', 'the graph is not known yet; try again');
  const listed = listedText(parts.persisted, question);
  const isFree = parts.isOpen || (listed === undefined && question.query !== undefined && (await mayAskAnything()));
  const text = listed ?? (isFree ? question.query : undefined);
  if (text === undefined) return refusal(400, 'OPERATION_NOT_LISTED', 'only operations that an app was built with are run here');
  const prepared = parts.operations.find(graph, { text, operationName: question.operationName, mayIntrospect: isFree });
  if (prepared.kind === 'refused') return errorsOnly(400, prepared.errors);
  const { operation } = prepared;
  if (question.isGet && operation.kind === 'mutation') return refusal(405, 'METHOD_NOT_ALLOWED', 'what changes something is sent by POST');
  const coerced = getVariableValues(graph.schema, operation.node.variableDefinitions ?? [], question.variables);
  if (coerced.errors !== undefined) {
    const errors: ReplyError[] = [];
    for (const { message } of coerced.errors) addError(errors, { message, extensions: { code: 'VARIABLES_WRONG' } });
    return errorsOnly(400, errors);
  }
  const variant = await operation.variantFor(coerced.coerced);
  if (variant.kind === 'refused') return errorsOnly(400, variant.errors);
  return { status: 200, text: await execute(graph, variant, coerced.coerced, ask) };
}

function listedText(persisted: PersistedOperations, { query, sha256 }: Question): string | undefined {
  const byHash = sha256 === undefined ? undefined : persisted.byHash(sha256);
  if (byHash !== undefined) return byHash;
  return query !== undefined && persisted.has(query) ? query : undefined;
}

async function execute(
  graph: LoadedGraph,
  variant: Variant,
  variables: Readonly<Record<string, unknown>>,
  ask: AskSubgraph,
): Promise<string> {
  const run: Run = { data: {}, errors: [], gone: new WeakSet(), variables, ask };
  if (variant.run === 'introspection') introspect(graph, variant, run);
  else await variant.run(run);
  const data = variant.project(run.data, run.errors, run.gone);
  return run.errors.length === 0 ? `{"data":${data}}` : `{"data":${data},"errors":${JSON.stringify(run.errors)}}`;
}

function introspect(graph: LoadedGraph, { document, operationName }: Variant, run: Run): void {
  const result = executeSync({
    schema: graph.schema,
    document,
    variableValues: { ...run.variables },
    operationName: operationName ?? null,
  });
  if (isData(result.data)) Object.assign(run.data, result.data);
}

function refusal(status: number, code: string, message: string): Answer {
  return errorsOnly(status, [{ message, extensions: { code } }]);
}

function errorsOnly(status: number, errors: readonly ReplyError[]): Answer {
  return { status, text: JSON.stringify({ errors }) };
}
