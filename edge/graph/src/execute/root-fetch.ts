import { Kind, parse } from 'graphql';
import type { SelectionSetNode } from 'graphql';

import type { FetchNode } from '@graphql-hive/router-query-planner';

import { mergeData } from '../domain/data.ts';
import { addError } from '../domain/errors.ts';
import { compileRewrites } from '../domain/rewrites.ts';
import type { MeetsType } from '../domain/type-conditions.ts';
import { passOn } from './pass-on.ts';
import { requestText } from './request-text.ts';
import type { Step } from './run.ts';

/** Asks a service for root fields. When it fails, each of these fields has an error; the others keep coming. */
export function rootFetch(node: FetchNode, meets: MeetsType): Step {
  const service = node.serviceName;
  const isSafe = node.operationKind !== 'mutation';
  const text = requestText(node.operation, node.variableUsages);
  const rewrites = compileRewrites(node.outputRewrites, meets);
  const keys = rootKeys(node.operation);
  return async (run) => {
    const answer = await run.ask({ service, body: text(run, []), isSafe });
    if (answer.kind === 'failed') {
      for (const key of keys) addError(run.errors, { message: answer.message, path: [key], extensions: { code: answer.code, service } });
      return;
    }
    for (const error of answer.errors) addError(run.errors, passOn(error, service, rewrites.renamed(error.path ?? [])));
    if (answer.data === null) return;
    rewrites.apply(answer.data);
    mergeData(run.data, answer.data);
  };
}

function rootKeys(operation: string): string[] {
  const keys = new Set<string>();
  const note = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) keys.add(selection.alias?.value ?? selection.name.value);
      if (selection.kind === Kind.INLINE_FRAGMENT) note(selection.selectionSet);
    }
  };
  for (const definition of parse(operation, { noLocation: true }).definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) note(definition.selectionSet);
  return [...keys];
}
