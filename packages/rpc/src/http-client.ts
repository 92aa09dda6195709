import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { childTraceparent } from '@bioscope/telemetry';
import type { Peer } from './balancer.ts';
import { RpcError } from './error.ts';
import type { FaultPoint } from './faults.ts';
import { CALLER_HEADER, TRACE_HEADER } from './headers.ts';
import { fetchFaulty } from './faulty-fetch.ts';
import type { HttpAnswer, HttpCallOptions } from './port.ts';
import type { Line } from './unary-client.ts';

const HEAD_TIMEOUT_MS = 10_000;
/** Between two pieces of an answer's body. */
const BODY_STALL_MS = 30_000;
const ATTEMPTS_MAX = 3;

/** See `Rpc.fetch`. */
export async function fetchFrom(line: Line, path: string, options: HttpCallOptions): Promise<HttpAnswer> {
  if (!path.startsWith('/')) throw new RpcError('invalid_argument', `the path must begin with a slash: "${path}"`, { surelyNotRun: true });
  const method = options.method ?? 'GET';
  const repeatable = options.body === undefined && (method === 'GET' || method === 'HEAD');
  const givenUpAtMs = performance.now() + (options.deadlineMs ?? HEAD_TIMEOUT_MS);
  const tried: Peer[] = [];
  line.budget.called();
  for (;;) {
    const peer = await choose(line, tried, givenUpAtMs, options.signal);
    tried.push(peer);
    try {
      const injection = line.faults?.rules.isActive === true ? line.faults.rules.at(pointOf(line, path, options)) : undefined;
      if (injection !== undefined) await fetchFaulty(injection, givenUpAtMs - performance.now(), options.signal);
      return await send(line, peer, method, path, options, givenUpAtMs - performance.now());
    } catch (cause) {
      if (options.signal?.aborted === true) throw new RpcError('canceled', 'the caller cancelled the request', { cause });
      line.balancer.failed(peer);
      const leftMs = givenUpAtMs - performance.now();
      if (!repeatable || leftMs <= 0 || tried.length >= ATTEMPTS_MAX || !line.budget.spend()) throw failure(line.unit, cause);
      line.retries.add({ unit: line.unit });
    }
  }
}

function pointOf({ caller, unit }: Line, path: string, { headers }: HttpCallOptions): FaultPoint {
  return { side: 'client', caller, callee: unit, method: path, header: (name) => headers?.[name.toLowerCase()] };
}

async function choose(line: Line, tried: readonly Peer[], givenUpAtMs: number, signal: AbortSignal | undefined): Promise<Peer> {
  for (;;) {
    if (signal?.aborted === true) throw new RpcError('canceled', 'the caller cancelled the request', { surelyNotRun: true });
    const peer = line.balancer.choose(tried);
    if (peer !== undefined) return peer;
    const leftMs = givenUpAtMs - performance.now();
    if (leftMs <= 0) throw new RpcError('unavailable', `nobody serves "${line.unit}"`, { surelyNotRun: true });
    await line.changed(leftMs);
  }
}

async function send(
  line: Line,
  peer: Peer,
  method: string,
  path: string,
  options: HttpCallOptions,
  timeoutMs: number,
): Promise<HttpAnswer> {
  const credential = line.credential();
  if (credential === undefined)
    throw new RpcError('unauthenticated', `this process has no key for calls to "${line.unit}"`, { surelyNotRun: true });
  peer.inFlight += 1;
  let answer: Dispatcher.ResponseData;
  try {
    answer = await peer.dispatcher.request({
      method,
      path: `/http/${line.unit}${path}`,
      headers: { [TRACE_HEADER]: childTraceparent(undefined), ...options.headers, [CALLER_HEADER]: credential },
      body: bodyOf(options.body),
      // Counted anew by undici while a request body moves.
      headersTimeout: Math.max(1, timeoutMs),
      bodyTimeout: BODY_STALL_MS,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (cause) {
    peer.inFlight -= 1;
    throw cause;
  }
  line.balancer.succeeded(peer);
  answer.body.once('close', () => {
    peer.inFlight -= 1;
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

function bodyOf(body: HttpCallOptions['body']): Readable | Uint8Array | null {
  if (body === undefined) return null;
  if (body instanceof Uint8Array || body instanceof Readable) return body;
  return Readable.from(body, { objectMode: false });
}

function failure(unit: string, cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  const name = cause instanceof Error ? cause.name : '';
  if (name === 'HeadersTimeoutError') return new RpcError('deadline_exceeded', `"${unit}" did not begin to answer in time`, { cause });
  return new RpcError('unavailable', `"${unit}" did not answer`, {
    cause,
    surelyNotRun: name === 'ConnectTimeoutError' || isRefused(cause),
  });
}

function isRefused(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ECONNREFUSED';
}
