/** Why a call failed, as far as it matters to the operator. */
export const CALL_FAILURES = ['offline', 'slow', 'busy', 'missing', 'forbidden', 'refused', 'broken'] as const;
export type CallFailure = (typeof CALL_FAILURES)[number];

/** A call that failed for good: retries are spent, or would not help. `message` is the service's own and may be shown to operators. */
export class CallError extends Error {
  readonly failure: CallFailure;
  /** For the log, "" when the request never got there. */
  readonly requestId: string;

  constructor(message: string, details: { failure: CallFailure; requestId?: string; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.name = 'CallError';
    this.failure = details.failure;
    this.requestId = details.requestId ?? '';
  }
}

/** Connect's codes first (https://connectrpc.com/docs/protocol#error-codes), the HTTP status where a gateway answered without one. */
export function failureOf(status: number, code: string): CallFailure {
  if (code === 'not_found' || status === 404) return 'missing';
  if (code === 'unauthenticated' || code === 'permission_denied' || status === 401 || status === 403) return 'forbidden';
  if (code === 'deadline_exceeded' || status === 408 || status === 504) return 'slow';
  if (code === 'unavailable' || code === 'aborted' || code === 'resource_exhausted' || status === 429 || status === 502 || status === 503)
    return 'busy';
  if (code === 'invalid_argument' || code === 'failed_precondition' || code === 'already_exists' || code === 'out_of_range')
    return 'refused';
  return 'broken';
}

/** The request did not run, or running it twice does no harm. */
export function isPassing(failure: CallFailure): boolean {
  return failure === 'offline' || failure === 'slow' || failure === 'busy';
}

export function callErrorOf(cause: unknown): CallError {
  return cause instanceof CallError ? cause : new CallError('unexpected failure', { failure: 'broken', cause });
}
