import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

import { composeServices } from '@theguild/federation-composition';
import { execute, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { subgraphSchema, type ResolverMap } from '@bioscope/graph';

import { isData } from '../src/domain/data.ts';
import type { AskSubgraph } from '../src/execute/run.ts';
import { loadGraph } from '../src/graph/load-graph.ts';
import { answerQuestion } from '../src/handlers/answer-question.ts';
import { persistedOperations } from '../src/operations/persisted.ts';
import { preparedOperations } from '../src/operations/prepared-operations.ts';

export type Part = { readonly sdl: string; readonly resolvers: ResolverMap };
export type InProcess = {
  ask(query: string, variables?: object): Promise<unknown>;
  /** Which services were asked, in order. */
  readonly asked: string[];
};

const LINK =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires", "@provides", "@shareable", "@interfaceObject"])\n';

/** The gateway over services that are schemas in this process: what is planned, asked, merged and written is real, the network is not there. */
export function inProcess(parts: Readonly<Record<string, Part>>): InProcess {
  const named = Object.entries(parts).map(([name, { sdl, resolvers }]) => ({ name, sdl: LINK + sdl, resolvers }));
  const composed = composeServices(named.map(({ name, sdl }) => ({ name, url: `bioscope:${name}`, typeDefs: parse(sdl) })));
  if (composed.errors !== undefined) throw new TypeError(composed.errors.map(({ message }) => message).join('\n'));
  const sdl = composed.supergraphSdl;
  const graph = loadGraph({ sdl, sha256: createHash('sha256').update(sdl).digest('hex') });
  const schemas = new Map(named.map((part) => [part.name, subgraphSchema(part.sdl, part.resolvers)]));
  const gateway = { graph: () => graph, operations: preparedOperations(), persisted: persistedOperations(new Map()), isOpen: true };
  const asked: string[] = [];
  return {
    asked,
    async ask(query, variables = {}) {
      asked.length = 0;
      const question = { query, sha256: undefined, operationName: undefined, variables: { ...variables }, isGet: false };
      const { text } = await answerQuestion(gateway, question, { mayAskAnything: async () => false, ask: askOf(schemas, asked) });
      return JSON.parse(text);
    },
  };
}

function askOf(schemas: ReadonlyMap<string, GraphQLSchema>, asked: string[]): AskSubgraph {
  return async ({ service, body }) => {
    asked.push(service);
    const schema = schemas.get(service);
    assert(schema !== undefined, `there is no service ${service}`);
    const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> };
    const document = parse(query);
    assert.deepEqual(validate(schema, document), [], `${service} was asked what it does not have: ${query}`);
    const result = await execute({ schema, document, variableValues: variables });
    const data: unknown = JSON.parse(JSON.stringify(result.data ?? null));
    const errors = (result.errors ?? []).map(({ message, path, extensions }) => ({
      message,
      path: path === undefined ? undefined : [...path],
      extensions,
    }));
    return { kind: 'answer', data: isData(data) ? data : null, errors };
  };
}
