import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Histogram, Logger } from '@bioscope/telemetry';
import { bytesAhead, packAnswer, readBody } from './body.ts';
import { CallContext } from './call-context.ts';
import { codecOf } from './codec.ts';
import type { Codec } from './codec.ts';
import { errorBody, RpcError, statusOf } from './error.ts';
import type { FaultPoint, RpcFaults } from './faults.ts';
import { handleFaulty } from './faulty-handling.ts';
import { CALLER_HEADER, PROTOCOL_HEADER, RAN_HEADER, TIMEOUT_HEADER } from './headers.ts';
import { forgetDeadline, watchDeadline } from './deadlines.ts';
import type { Identity } from './identity.ts';
import { createLastAnswers } from './last-answers.ts';
import type { LastAnswers } from './last-answers.ts';
import type { Code } from './port.ts';
import type { Endpoint, Guests } from './registry.ts';
import { tamper } from './tamper.ts';

export type UnaryServer = {
  readonly identity: Identity;
  readonly log: Logger;
  readonly seconds: Histogram;
  /** Undefined in processes where no fault can be ordered. */
  readonly faults: ServerFaults | undefined;
};
type ServerFaults = { readonly rules: RpcFaults; readonly last: LastAnswers<Output> };
type Output = Parameters<Codec['encode']>[1];

export function serverFaults(rules: RpcFaults): ServerFaults {
  return { rules, last: createLastAnswers() };
}

/** For callers that state none; also the most that a caller may ask for. Above the longest poll (30 s). */
const DEADLINE_MS_MAX = 60_000;

/** Of a refused request; more would be transfer for nothing. */
const UNREAD_BYTES_MAX = 65_536;
/** Above it copying costs more than the second piece. */
const ONE_WRITE_BYTES_MAX = 16_384;

/** Answers one unary call in the Connect protocol (https://connectrpc.com/docs/protocol#unary-request). Never rejects. */
export async function answerUnary(
  server: UnaryServer,
  endpoint: Endpoint,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedMs = performance.now();
  let code: Code | 'ok' = 'ok';
  try {
    await answer(server, endpoint, request, response);
  } catch (fault) {
    const error = fault instanceof RpcError ? fault : hidden(server.log, endpoint, fault);
    code = error.code;
    sendError(request, response, error);
  }
  server.seconds.observe({ method: endpoint.path, code }, (performance.now() - startedMs) / 1_000);
}

async function answer(server: UnaryServer, endpoint: Endpoint, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const headers = request.headers;
  if (request.method !== 'POST') return sendPlain(request, response, 405, { allow: 'POST' });
  const codec = codecOf(headers['content-type']);
  if (codec === undefined) return sendPlain(request, response, 415, { 'accept-post': 'application/json, application/proto' });
  const version = headers[PROTOCOL_HEADER];
  if (version !== undefined && version !== '1')
    throw new RpcError('invalid_argument', `connect-protocol-version must be "1", not "${String(version)}"`);
  const timeoutMs = timeoutOf(headers[TIMEOUT_HEADER]);
  const caller = admit(server.identity, endpoint.guests, headers[CALLER_HEADER], endpoint.unit);
  const context = new CallContext(request, caller, Date.now() + timeoutMs);
  const { room } = endpoint;
  const bytes = room.isBounded ? bytesAhead(request, room.messageBytesMax) : 0;
  if (!room.enter(bytes)) throw new RpcError('unavailable', `"${endpoint.unit}" has too much under way`, { surelyNotRun: true });
  const injection = server.faults?.rules.isActive === true ? server.faults.rules.at(pointOf(endpoint, context)) : undefined;
  let output: Output;
  try {
    output = await withinDeadline(context, response, async () => {
      const bytes = await readBody(request, room.messageBytesMax);
      const input = codec.decode(endpoint.input, bytes);
      if (injection === undefined || server.faults === undefined) return endpoint.handle(input, context);
      const handle = (): ReturnType<Endpoint['handle']> => endpoint.handle(input, context);
      return handleFaulty(injection, { signal: context.signal, method: endpoint.path, body: bytes, last: server.faults.last, handle });
    });
  } finally {
    room.leave(bytes);
  }
  const whole = encode(codec, endpoint, output);
  const encoded = injection === undefined ? whole : tamper(injection, whole);
  const { body, encoding } = await packAnswer(encoded, headerText(headers['accept-encoding']));
  const head = ['content-type', codec.contentType, 'content-length', String(body.length)];
  if (encoding === 'gzip') head.push('content-encoding', 'gzip');
  // HTTP/1.1 stays open without being told to; every small header costs both sides.
  if (request.httpVersionMinor === 1) response.removeHeader('connection');
  response.writeHead(200, head);
  // As text of one byte per character Node sends head and body in one write; as bytes it would take a gathering write of two, at twice the price.
  if (body.length <= ONE_WRITE_BYTES_MAX) response.end(Buffer.from(body.buffer, body.byteOffset, body.length).toString('latin1'), 'latin1');
  else response.end(body);
}

/** Runs until the deadline or until the caller goes away, whichever comes first; then the context's signal aborts and the outcome is dropped. */
function withinDeadline<T>(context: CallContext, response: ServerResponse, run: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (error: RpcError): void => {
      context.abort(error);
      reject(error);
    };
    const entry = watchDeadline(context.deadlineAtMs, () =>
      giveUp(new RpcError('deadline_exceeded', 'the deadline passed before the answer was ready')),
    );
    const onClose = (): void => giveUp(new RpcError('canceled', 'the caller went away'));
    response.once('close', onClose);
    const end = (): void => {
      forgetDeadline(entry);
      response.removeListener('close', onClose);
    };
    run().then(
      (value) => {
        end();
        resolve(value);
      },
      (fault: unknown) => {
        end();
        reject(fault);
      },
    );
  });
}

function pointOf(endpoint: Endpoint, context: CallContext): FaultPoint {
  const method = endpoint.path.slice(endpoint.path.lastIndexOf('/') + 1);
  return { side: 'server', caller: context.caller, callee: endpoint.unit, method, header: (name) => context.header(name) };
}

/** The unit that calls, or `RpcError`. */
export function admit(identity: Identity, guests: Guests, credential: string | string[] | undefined, audience: string): string {
  if (credential === undefined && guests.anybody) return '';
  const verdict = identity.verify(headerText(credential), audience);
  if (verdict.kind === 'refused') throw new RpcError('unauthenticated', verdict.because, { surelyNotRun: true });
  if (!guests.everyUnit && !guests.anybody && !guests.names.has(verdict.caller)) {
    throw new RpcError('permission_denied', `"${verdict.caller}" may not call this`, { surelyNotRun: true });
  }
  return verdict.caller;
}

function timeoutOf(header: string | string[] | undefined): number {
  if (header === undefined) return DEADLINE_MS_MAX;
  if (typeof header !== 'string' || !/^\d{1,10}$/.test(header)) {
    throw new RpcError('invalid_argument', `connect-timeout-ms must be a whole number of at most 10 digits, not "${String(header)}"`);
  }
  return Math.min(Number(header), DEADLINE_MS_MAX);
}

function encode(codec: Codec, endpoint: Endpoint, output: Parameters<Codec['encode']>[1]): Uint8Array {
  try {
    return codec.encode(endpoint.output, output);
  } catch (cause) {
    throw new Error(`the handler of ${endpoint.path} answered what is not a ${endpoint.output.typeName}`, { cause });
  }
}

/** What went wrong inside is for our log; the caller learns only that it was us. */
function hidden(log: Logger, endpoint: Endpoint, fault: unknown): RpcError {
  log.error({ err: fault, method: endpoint.path }, 'a handler failed');
  return new RpcError('internal', 'internal error');
}

/** Answers with a Connect error, unless the answer has begun: then the connection is broken, which the caller cannot mistake for an end. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: RpcError): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = errorBody(error);
  const head = ['content-type', 'application/json', 'content-length', String(body.length)];
  if (error.surelyNotRun) head.push(RAN_HEADER, 'no');
  send(request, response, statusOf(error.code), head, body);
}

export function sendPlain(request: IncomingMessage, response: ServerResponse, status: number, headers: Record<string, string>): void {
  send(request, response, status, ['content-length', '0', ...Object.entries(headers).flat()], undefined);
}

function send(request: IncomingMessage, response: ServerResponse, status: number, head: string[], body: Buffer | undefined): void {
  // Nobody will read the rest of the body: a short one passes by itself, for a long one the connection ends with the answer.
  if (!request.complete && !(Number(request.headers['content-length']) <= UNREAD_BYTES_MAX)) head.push('connection', 'close');
  response.writeHead(status, head);
  response.end(body);
}

function headerText(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(',') : value;
}
