import type { IncomingMessage } from 'node:http';

import { readJson } from '@bioscope/graph';

import { isData } from '../domain/data.ts';

/** What a client asks: a document, or the hash of a persisted one. */
export type Question = {
  readonly query: string | undefined;
  readonly sha256: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** GET: may only read. */
  readonly isGet: boolean;
};
export type ReadQuestion =
  | { readonly kind: 'question'; readonly question: Question }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

/** A document of an app's operation has some 5 KB, its variables less. */
const BODY_BYTES_MAX = 128 * 1_024;

/** GraphQL over HTTP: POST with JSON, GET with parameters; persisted documents by `documentId` or by `extensions.persistedQuery.sha256Hash`. */
export async function readQuestion(request: IncomingMessage, url: URL): Promise<ReadQuestion> {
  if (request.method === 'GET') return questionOf(fromParameters(url), true);
  if (request.method !== 'POST') return { kind: 'refused', status: 405, message: 'GET and POST are answered here' };
  // A form or plain text can be sent by any page without its browser asking us first.
  if (!/^application\/(json|graphql-response\+json)\b/.test(request.headers['content-type'] ?? ''))
    return { kind: 'refused', status: 415, message: 'the content-type is to be application/json' };
  const body = await readJson(request, BODY_BYTES_MAX);
  if (body.kind === 'refused') return { kind: 'refused', status: body.status, message: body.because };
  return questionOf(body.value, false);
}

function fromParameters(url: URL): Record<string, unknown> {
  const named: Record<string, unknown> = {};
  for (const name of ['query', 'documentId', 'operationName']) named[name] = url.searchParams.get(name) ?? undefined;
  for (const name of ['variables', 'extensions']) {
    const text = url.searchParams.get(name);
    if (text !== null) named[name] = parse(text);
  }
  return named;
}

/** What is no JSON is handed on as the text it is, and refused for that. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function questionOf(body: unknown, isGet: boolean): ReadQuestion {
  if (!isData(body)) return bad('the body is to be an object with query or documentId');
  const { query, operationName, variables, extensions, documentId } = body;
  if (query !== undefined && query !== null && typeof query !== 'string') return bad('query is to be text');
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') return bad('operationName is to be text');
  if (variables !== undefined && variables !== null && !isData(variables)) return bad('variables is to be an object');
  const persisted = isData(extensions) && isData(extensions['persistedQuery']) ? extensions['persistedQuery']['sha256Hash'] : undefined;
  const sha256 = hashOf(documentId ?? persisted);
  if (sha256 === null) return bad('a persisted document is named by its sha256 in hexadecimal');
  if (typeof query !== 'string' && sha256 === undefined) return bad('there is neither query nor documentId');
  return {
    kind: 'question',
    question: { query: query ?? undefined, sha256, operationName: operationName ?? undefined, variables: variables ?? {}, isGet },
  };
}

function hashOf(given: unknown): string | null | undefined {
  if (given === undefined || given === null) return undefined;
  return typeof given === 'string' ? (/^(?:sha256:)?([0-9a-f]{64})$/.exec(given)?.[1] ?? null) : null;
}

function bad(message: string): ReadQuestion {
  return { kind: 'refused', status: 400, message };
}
