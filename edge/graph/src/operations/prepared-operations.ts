import { latestUsed } from '@bioscope/graph';

import type { LoadedGraph } from '../graph/load-graph.ts';
import { prepare, type Prepared } from './prepare.ts';

/** A release has some hundred operations, and several releases are in use at once; each holds some 50 KB. */
const OPERATIONS_MAX = 1_000;

export type AskedOperation = { readonly text: string; readonly operationName: string | undefined; readonly mayIntrospect: boolean };
export type PreparedOperations = { find(graph: LoadedGraph, asked: AskedOperation): Prepared };

/** Prepares each operation once per graph. Refused ones are not kept: they cannot push out good ones. */
export function preparedOperations(): PreparedOperations {
  const known = latestUsed<string, Prepared>({ entriesMax: OPERATIONS_MAX });
  let knownFor: LoadedGraph | undefined;
  return {
    find(graph, { text, operationName, mayIntrospect }) {
      if (knownFor !== graph) known.clear();
      knownFor = graph;
      const key = `${mayIntrospect ? 'i' : '-'}${operationName ?? ''}\n${text}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const prepared = prepare(graph, text, operationName, { mayIntrospect });
      if (prepared.kind === 'ready') known.set(key, prepared);
      return prepared;
    },
  };
}
