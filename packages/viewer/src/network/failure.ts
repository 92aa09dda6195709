import type { Failure } from '../figures/figures.ts';
import type { Sent } from './client.ts';

/** What is wrong with an answer; `undefined` when it is what was hoped for. As our app judges them (apps/web/src/api/call-error.ts). */
export function failureIn(sent: Sent): Failure | undefined {
  if (sent.kind === 'failed') return sent.failure;
  if (sent.kind === 'given_up' || (sent.status >= 200 && sent.status < 300)) return undefined;
  return failureOfStatus(sent.status, codeOf(sent));
}

/** "Try again": the request did not run, or running it twice does no harm. */
export function isWorthRetrying(failure: Failure): boolean {
  return failure !== 'refused' && failure !== 'server_error' && failure !== 'short';
}

export function failureOfStatus(status: number, code: string): Failure {
  if (code === 'deadline_exceeded' || status === 408 || status === 504) return 'slow';
  if (BUSY_CODES.includes(code) || status === 429 || status === 502 || status === 503) return 'busy';
  return status >= 500 ? 'server_error' : 'refused';
}

const BUSY_CODES = ['unavailable', 'aborted', 'resource_exhausted'];

/** Of a Connect error's JSON (https://connectrpc.com/docs/protocol#error-end-stream); empty where there is none. */
function codeOf(sent: Extract<Sent, { kind: 'answered' }>): string {
  try {
    const answer: unknown = JSON.parse(sent.body.toString());
    return typeof answer === 'object' && answer !== null && 'code' in answer && typeof answer.code === 'string' ? answer.code : '';
  } catch {
    return '';
  }
}
