import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { setTimeout as pause } from 'node:timers/promises';
import { exchange } from './http-exchange.ts';

export type ApiCallOptions = {
  /** Default 5 000; a long poll takes its own wait and some more. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
};

/** The operator's way into a running service: through the front door, like everybody. */
export type Api = {
  readonly endpoint: { readonly address: string; readonly port: number; readonly hostHeader: string; readonly authorization: string };
  /** Retried when the outcome is unknown: every method that the command line calls is idempotent by its contract. Rejects with `ApiError`. */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    options?: ApiCallOptions,
  ): Promise<MessageShape<O>>;
};

export class ApiError extends Error {
  /** A Connect code such as `not_found`. */
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
  }
}

const DEADLINE_MS = 5_000;
const ATTEMPTS_MAX = 3;
const BACKOFF_MS = 200;
const AGAIN = new Set(['unavailable', 'aborted', 'deadline_exceeded']);

export function createApi(options: { address: string; port: number; host: string; operatorToken: string }): Api {
  const endpoint = {
    address: options.address,
    port: options.port,
    hostHeader: `api.${options.host}:${options.port}`,
    authorization: `Bearer ${options.operatorToken}`,
  };

  async function attempt<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    body: Uint8Array,
    { deadlineMs = DEADLINE_MS, signal }: ApiCallOptions,
  ): Promise<MessageShape<O>> {
    const deadline = AbortSignal.timeout(deadlineMs);
    const answer = await exchange({
      ...endpoint,
      method: 'POST',
      path: `/${method.parent.typeName}/${method.name}`,
      headers: {
        authorization: endpoint.authorization,
        'content-type': 'application/proto',
        'content-length': body.length,
        'connect-protocol-version': 1,
        'connect-timeout-ms': deadlineMs,
      },
      body,
      idleMs: deadlineMs,
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    }).catch((cause: unknown) => {
      if (signal?.aborted === true) throw signal.reason;
      throw new ApiError('unavailable', `${method.name}: the service does not answer`, { cause });
    });
    if (answer.status === 200) return fromBinary(method.output, answer.body);
    throw errorOf(method.name, answer.status, answer.body.toString('utf8'));
  }

  return {
    endpoint,
    async call(method, request, callOptions = {}) {
      const body = toBinary(method.input, create(method.input, request));
      for (let attempts = 1; ; attempts++) {
        try {
          return await attempt(method, body, callOptions);
        } catch (error) {
          if (!(error instanceof ApiError) || !AGAIN.has(error.code) || attempts === ATTEMPTS_MAX) throw error;
          await pause(BACKOFF_MS * 2 ** attempts, undefined, callOptions.signal === undefined ? {} : { signal: callOptions.signal });
        }
      }
    },
  };
}

/** The Connect error body when there is one; else the status tells. */
function errorOf(method: string, status: number, text: string): ApiError {
  const { code, message } = readErrorBody(text);
  const byStatus = status === 503 || status === 502 || status === 504 ? 'unavailable' : 'unknown';
  return new ApiError(code ?? byStatus, message ?? `${method} was answered with HTTP status ${status}`);
}

/** Reads `{"code","message"}`; plain text is a message. */
export function readErrorBody(text: string): { code?: string; message?: string } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    const { code, message, error } = value as Record<string, unknown>;
    const told = message ?? error;
    return { ...(typeof code === 'string' ? { code } : {}), ...(typeof told === 'string' && told !== '' ? { message: told } : {}) };
  } catch {
    const line = text.trim().split('\n', 1)[0] ?? '';
    return line === '' || line.startsWith('<') ? {} : { message: line.slice(0, 500) };
  }
}
