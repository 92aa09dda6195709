/** Why a call failed, as far as it matters to the person in front of the screen. */
export const CALL_FAILURES = ['offline', 'slow', 'busy', 'missing', 'broken'] as const;
export type CallFailure = (typeof CALL_FAILURES)[number];

/** A call that failed for good: retries are spent, or would not help. */
export class CallError extends Error {
  readonly failure: CallFailure;
  /** Connect error code when the service answered with one, else "". */
  readonly code: string;
  /** For the operator's log, "" when the request never got there. */
  readonly requestId: string;

  constructor(message: string, details: { failure: CallFailure; code?: string; requestId?: string; cause?: unknown }) {
    super(message, { cause: details.cause });
    this.name = 'CallError';
    this.failure = details.failure;
    this.code = details.code ?? '';
    this.requestId = details.requestId ?? '';
  }
}

/** HTTP statuses and Connect codes that mean "try again": the request did not run, or running it twice does no harm. */
export function isWorthRetrying(error: CallError): boolean {
  return error.failure === 'offline' || error.failure === 'slow' || error.failure === 'busy';
}

export function failureOf(status: number, code: string): CallFailure {
  if (status === 404 || code === 'not_found') return 'missing';
  if (code === 'deadline_exceeded' || status === 408 || status === 504) return 'slow';
  if (code === 'unavailable' || code === 'aborted' || code === 'resource_exhausted') return 'busy';
  if (status === 429 || status === 502 || status === 503) return 'busy';
  return 'broken';
}
