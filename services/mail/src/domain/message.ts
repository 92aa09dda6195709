import { withoutLink, type Values } from './values.ts';
import type { TemplateId } from '../../contract/index.ts';

/** One message, from its acceptance to what became of it. */
export type Message = {
  readonly id: string;
  readonly to: string;
  readonly template: TemplateId;
  readonly language: string;
  readonly values: Values;
  readonly state: MessageStateName;
  readonly attempts: number;
  /** What went wrong last; empty when nothing did. */
  readonly failure: string;
  readonly createdAtMs: number;
  /** Zero while it waits. */
  readonly settledAtMs: number;
};
export type MessageStateName = 'waiting' | 'sent' | 'kept' | 'failed';

/** What an attempt came to. `refused`: no further attempt can mend it. */
export type Attempt =
  | { readonly kind: 'sent' }
  | { readonly kind: 'kept' }
  | { readonly kind: 'refused'; readonly failure: string }
  | { readonly kind: 'unreached'; readonly failure: string };

const FAILURE_CHARACTERS_MAX = 500;

/** The message after an attempt. What has settled stays as it is: a second run of a job that was already done changes nothing. */
export function afterAttempt(message: Message, attempt: Attempt, { nowMs, attemptsMax }: { nowMs: number; attemptsMax: number }): Message {
  if (message.state !== 'waiting') return message;
  const tried = { ...message, attempts: message.attempts + 1 };
  switch (attempt.kind) {
    case 'sent':
      // The link has done its work here and would be a key to somebody's account in our store.
      return { ...tried, state: 'sent', failure: '', settledAtMs: nowMs, values: withoutLink(message.values) };
    case 'kept':
      return { ...tried, state: 'kept', failure: '', settledAtMs: nowMs };
    case 'refused':
      return failed(tried, attempt.failure, nowMs);
    case 'unreached':
      if (tried.attempts >= attemptsMax) return failed(tried, attempt.failure, nowMs);
      return { ...tried, failure: attempt.failure.slice(0, FAILURE_CHARACTERS_MAX) };
    default:
      return attempt satisfies never;
  }
}

function failed(message: Message, failure: string, nowMs: number): Message {
  return {
    ...message,
    state: 'failed',
    failure: failure.slice(0, FAILURE_CHARACTERS_MAX),
    settledAtMs: nowMs,
    values: withoutLink(message.values),
  };
}
