import type { IncomingMessage, ServerResponse } from 'node:http';

import type { OperatorGuard } from '@bioscope/access/contract/operator-guard';
import { askedBy } from '@bioscope/passport';
import type { AskedCall, Passport } from '@bioscope/passport';
import { PASSPORT_HEADER, RpcError, SCOPE_HEADER } from '@bioscope/rpc';
import type { HttpHandler, RequestContext } from '@bioscope/rpc';

import type { Subgraphs } from '../subgraphs/subgraphs.ts';
import { answerQuestion, type AnswerQuestion } from './answer-question.ts';
import { readQuestion } from './read-question.ts';

export type ServeGraphql = AnswerQuestion & {
  readonly asks: (call: AskedCall) => Passport;
  readonly operators: Pick<OperatorGuard, 'check'>;
  readonly subgraphs: Subgraphs;
  readonly requestMs: number;
  readonly nowMs: () => number;
};

/** `/graphql`, by the GraphQL over HTTP specification. Answers are for one member, and may be kept by nobody. */
export function serveGraphql(parts: ServeGraphql): HttpHandler {
  return async (request, response, { url, caller, requestId, traceparent }) => {
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
    const scope = call.header(SCOPE_HEADER) ?? '';
    const language = call.header('accept-language') ?? '';
    const ask = parts.subgraphs.for({ passport, scope, language, requestId, traceparent, deadlineAtMs, signal: gone.signal });
    const within = { ...call, caller, traceparent, deadlineAtMs, signal: gone.signal };
    // What cannot be an operator's is not worth a question.
    const mayAskAnything = async (): Promise<boolean> => isOperator && (await mayWorkOnGraph(parts.operators, within));
    const { status, text } = await answerQuestion(parts, read.question, { mayAskAnything, ask });
    send(request, response, status, text);
  };
}

/** Rejects when access does not answer: an operation that is not listed can wait. */
async function mayWorkOnGraph(operators: Pick<OperatorGuard, 'check'>, within: RequestContext): Promise<boolean> {
  try {
    await operators.check('graph', within);
    return true;
  } catch (fault) {
    if (fault instanceof RpcError && fault.code === 'permission_denied') return false;
    throw fault;
  }
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
