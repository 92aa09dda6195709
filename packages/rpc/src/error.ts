import { CODES } from './port.ts';
import type { Code } from './port.ts';

/** A protobuf message packed for the `details` of a Connect error; `value` is unpadded base64. */
export type ErrorDetail = { readonly type: string; readonly value: string };

/** What every call rejects with, and what a handler throws to answer with a code of its choice. Its message reaches the caller: no secrets. */
export class RpcError extends Error {
  readonly code: Code;
  readonly details: readonly ErrorDetail[];
  /** True when the handler surely did not run, so that sending again cannot do anything twice. */
  readonly surelyNotRun: boolean;

  constructor(code: Code, message: string, options: { cause?: unknown; details?: readonly ErrorDetail[]; surelyNotRun?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'RpcError';
    this.code = code;
    this.details = options.details ?? [];
    this.surelyNotRun = options.surelyNotRun ?? false;
  }
}

/** https://connectrpc.com/docs/protocol#error-codes */
const STATUS: Readonly<Record<Code, number>> = {
  canceled: 499,
  unknown: 500,
  invalid_argument: 400,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 400,
  aborted: 409,
  out_of_range: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  data_loss: 500,
  unauthenticated: 401,
};

export function statusOf(code: Code): number {
  return STATUS[code];
}

export function errorBody(error: RpcError): Buffer {
  return Buffer.from(
    JSON.stringify({
      code: error.code,
      ...(error.message === '' ? {} : { message: error.message }),
      ...(error.details.length === 0 ? {} : { details: error.details }),
    }),
  );
}

/** Reads an answer that is not 200. What is not a Connect error (a proxy's page, say) gets a code from its status, as the protocol lays down. */
export function errorFromAnswer(status: number, contentType: string | undefined, body: Buffer, surelyNotRun: boolean): RpcError {
  const parsed = contentType?.startsWith('application/json') === true ? parseErrorBody(body) : undefined;
  const code = parsed?.code ?? codeOfStatus(status);
  return new RpcError(code, parsed?.message ?? `the answer had HTTP status ${status}`, { details: parsed?.details ?? [], surelyNotRun });
}

function parseErrorBody(body: Buffer): { code?: Code; message?: string; details?: ErrorDetail[] } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    // Not JSON after all: the status speaks.
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const code = 'code' in value ? CODES.find((known) => known === value.code) : undefined;
  const message = 'message' in value && typeof value.message === 'string' ? value.message : code;
  const details = 'details' in value && Array.isArray(value.details) ? value.details.filter(isDetail) : [];
  return { ...(code === undefined ? {} : { code }), ...(message === undefined ? {} : { message }), details };
}

function isDetail(value: unknown): value is ErrorDetail {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'value' in value &&
    typeof value.value === 'string'
  );
}

/** https://connectrpc.com/docs/protocol#http-to-error-code */
function codeOfStatus(status: number): Code {
  switch (status) {
    case 400:
      return 'internal';
    case 401:
      return 'unauthenticated';
    case 403:
      return 'permission_denied';
    case 404:
      return 'unimplemented';
    case 429:
    case 502:
    case 503:
    case 504:
      return 'unavailable';
    default:
      return 'unknown';
  }
}
