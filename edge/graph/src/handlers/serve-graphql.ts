import type { IncomingMessage, ServerResponse } from 'node:http';

import { askedBy } from '@bioscope/passport';
import type { AskedCall, Passport } from '@bioscope/passport';
import { PASSPORT_HEADER } from '@bioscope/rpc';
import type { HttpHandler } from '@bioscope/rpc';

import type { Subgraphs } from '../subgraphs/subgraphs.ts';
import { answerQuestion, type AnswerQuestion } from './answer-question.ts';
import { readQuestion } from './read-question.ts';

export type ServeGraphql = AnswerQuestion & {
  readonly asks: (call: AskedCall) => Passport;
  readonly subgraphs: Subgraphs;
  readonly requestMs: number;
  readonly nowMs: () => number;
};

/** `/graphql`, by the GraphQL over HTTP specification. Answers are for one member, and may be kept by nobody. */
export function serveGraphql(parts: ServeGraphql): HttpHandler {
  return async (request, response, { url, requestId, traceparent }) => {
    const call = askedBy(request, { requestId });
    const { isOperator } = parts.asks(call);
    const deadlineAtMs = parts.nowMs() + parts.requestMs;
    const read = await readQuestion(request, url);
    if (read.kind === 'refused') {
      send(request, response, read.status, JSON.stringify({ errors: [{ message: read.message, extensions: { code: 'BAD_REQUEST' } }] }));
      return;
    }
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(new Error('the client is gone'));
    });
    // The reader above has checked that there is one.
    const passport = call.header(PASSPORT_HEADER) ?? '';
    const language = call.header('accept-language') ?? '';
    const ask = parts.subgraphs.for({ passport, language, requestId, traceparent, deadlineAtMs, signal: gone.signal });
    const { status, text } = await answerQuestion(parts, read.question, { isOperator, ask });
    send(request, response, status, text);
  };
}

/** Refusals have their status with either media type: those who count and cache read no bodies. */
function send(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
  const isNew = request.headers.accept?.includes('application/graphql-response+json') === true;
  response.writeHead(status, {
    'content-type': isNew ? 'application/graphql-response+json; charset=utf-8' : 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 405 ? { allow: 'GET, POST' } : {}),
  });
  response.end(text);
}
