import type { IncomingMessage, ServerResponse } from 'node:http';

import type { HttpContext, RequestContext } from '@bioscope/rpc';

/** As in the Connect protocol: how long the caller still waits. */
const TIMEOUT_HEADER = 'connect-timeout-ms';
const TIMEOUT_MS_DEFAULT = 5_000;
const TIMEOUT_MS_MAX = 60_000;

/** The request as calls made for it take it (`within`): deadline, trace and passport are handed on; the signal aborts at the deadline or when the caller goes away. */
export function graphCall(
  request: IncomingMessage,
  response: ServerResponse,
  { caller, requestId, traceparent }: Pick<HttpContext, 'caller' | 'requestId' | 'traceparent'>,
  nowMs: number,
): RequestContext & Disposable {
  const timeoutMs = timeoutOf(request.headers[TIMEOUT_HEADER]);
  const controller = new AbortController();
  const late = setTimeout(() => controller.abort(new Error('the time for this request is over')), timeoutMs);
  response.once('close', () => {
    clearTimeout(late);
    if (!response.writableFinished) controller.abort(new Error('the caller is gone'));
  });
  return {
    caller,
    deadlineAtMs: nowMs + timeoutMs,
    signal: controller.signal,
    traceparent,
    requestId,
    header(name) {
      const value = request.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    [Symbol.dispose]: () => clearTimeout(late),
  };
}

function timeoutOf(header: string | string[] | undefined): number {
  const given = typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : TIMEOUT_MS_DEFAULT;
  return Math.min(given, TIMEOUT_MS_MAX);
}
