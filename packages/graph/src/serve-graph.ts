import type { IncomingMessage, ServerResponse } from 'node:http';

import { execute, GraphQLError } from 'graphql';
import type { ExecutionResult, GraphQLSchema } from 'graphql';

import { RpcError } from '@bioscope/rpc';
import type { HttpContext, RequestContext, Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import { documentReader } from './documents.ts';
import type { ReadDocument } from './documents.ts';
import { graphCall } from './graph-call.ts';
import { formatGraphError } from './graph-errors.ts';
import { publishSchema } from './publish-schema.ts';
import type { SchemaRegistry } from './publish-schema.ts';
import { readJson } from './read-json.ts';
import { subgraphSchema } from './subgraph-schema.ts';
import type { ResolverMap } from './subgraph-schema.ts';

/** What resolvers get: who asks, the call they answer (hand it to further calls as `within`), and the loaders of this one request. */
export type GraphContext<Asker, Loaders> = { readonly asker: Asker; readonly call: RequestContext; readonly loaders: Loaders };

export type DomainGraph<Asker, Loaders> = {
  /** The unit's name; also the name of its part of the graph. */
  readonly unit: string;
  /** The text of `schema.graphql`. */
  readonly sdl: string;
  readonly resolvers: ResolverMap;
  /** Who asks: `passports.readerFor('<unit>')`. What it throws (`RpcError`) is the answer to the whole request. */
  readonly askerOf: (call: RequestContext) => Asker;
  /** Made for each request, so that nothing loaded for one member is seen by another. */
  readonly loaders: (asked: { readonly asker: Asker; readonly call: RequestContext }) => Loaders;
  /** `rpc.client(RegistryService)`. */
  readonly registry: SchemaRegistry;
  readonly log: Logger;
  /** Of the release that publishes, for the history of schemas. */
  readonly version: string;
};

/** A fetch of entities carries at most some thousand keys. */
const BODY_BYTES_MAX = 4 * 1_024 * 1_024;
const CALLERS = ['graph'];

/**
 * Makes the unit a domain graph service: answers the graph gateway at its mount `/graphql` and publishes its schema, in the background and for as long as it
 * takes; the unit works without the registry. Throws when schema and resolvers do not fit. `close` ends the publishing.
 */
export function serveGraph<Asker, Loaders>(rpc: Pick<Rpc, 'mount'>, graph: DomainGraph<Asker, Loaders>): { close(): Promise<void> } {
  const schema = subgraphSchema(graph.sdl, graph.resolvers);
  const read = documentReader(schema);
  rpc.mount('/graphql', (request, response, context) => answer({ graph, schema, read }, request, response, context), CALLERS);
  return publishSchema({ registry: graph.registry, service: graph.unit, sdl: graph.sdl, version: graph.version, log: graph.log });
}

type Served<Asker, Loaders> = {
  readonly graph: DomainGraph<Asker, Loaders>;
  readonly schema: GraphQLSchema;
  readonly read: (text: string) => ReadDocument;
};

async function answer<Asker, Loaders>(
  served: Served<Asker, Loaders>,
  request: IncomingMessage,
  response: ServerResponse,
  context: HttpContext,
): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(405, { allow: 'POST' }).end();
    return;
  }
  using call = graphCall(request, response, context, Date.now());
  const asker = served.graph.askerOf(call);
  const body = await readJson(request, BODY_BYTES_MAX);
  if (body.kind === 'refused') {
    send(response, body.status, { errors: [{ message: body.because, extensions: { code: 'BAD_REQUEST' } }] });
    return;
  }
  send(response, 200, await run(served, body.value, asker, call));
}

async function run<Asker, Loaders>(served: Served<Asker, Loaders>, body: unknown, asker: Asker, call: RequestContext): Promise<object> {
  const { graph, schema, read } = served;
  const asked = questionOf(body);
  if (asked === undefined) throw new RpcError('invalid_argument', 'the body is {query, variables?}');
  const found = read(asked.query);
  if (found.kind === 'refused') return { errors: found.errors.map((error) => formatGraphError(error, () => undefined)) };
  const contextValue: GraphContext<Asker, Loaders> = { asker, call, loaders: graph.loaders({ asker, call }) };
  const executing = execute({ schema, document: found.document, contextValue, variableValues: asked.variables });
  const result = executing instanceof Promise ? await untilAborted(executing, call.signal) : executing;
  if (result.errors === undefined) return result;
  const onFault = (err: unknown): void => graph.log.error({ err, requestId: call.requestId }, 'a resolver failed');
  return { data: result.data, errors: result.errors.map((error) => formatGraphError(error, onFault)) };
}

function questionOf(body: unknown): { query: string; variables: Readonly<Record<string, unknown>> } | undefined {
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string') return undefined;
  const variables = 'variables' in body && typeof body.variables === 'object' ? { ...body.variables } : {};
  return { query: body.query, variables };
}

/** Who asked has gone on without the answer: the resolvers are told by their signal, and not waited for. */
function untilAborted(executing: Promise<ExecutionResult>, signal: AbortSignal): Promise<ExecutionResult> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      resolve({ errors: [new GraphQLError('the time for this request is over', { extensions: { code: 'DEADLINE_EXCEEDED' } })] });
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    executing.then(resolve, reject);
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length }).end(text);
}
