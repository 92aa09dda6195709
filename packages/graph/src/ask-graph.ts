import { json } from 'node:stream/consumers';

import type { Rpc } from '@bioscope/rpc';

export type GraphAnswer = {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
};

/** Asks one unit's part of the graph, as the graph gateway does; for tests of units. `rpc` is that of the unit `graph`, `headers` carry the passport. */
export async function askGraph(
  { rpc, unit, headers }: { rpc: Pick<Rpc, 'fetch'>; unit: string; headers: Readonly<Record<string, string>> },
  query: string,
  variables: object = {},
): Promise<GraphAnswer> {
  const answer = await rpc.fetch(unit, '/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify({ query, variables })),
  });
  const body = await json(answer.body);
  if (answer.status !== 200) throw new Error(`${unit} answered ${answer.status}: ${JSON.stringify(body)}`);
  return body as GraphAnswer;
}
