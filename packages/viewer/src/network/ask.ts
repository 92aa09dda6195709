import { pause, type Clock } from '../clock.ts';
import type { Door, Failure } from '../figures/figures.ts';
import type { CountedRequest, Recorder } from '../figures/meter.ts';
import type { Client, Sent } from './client.ts';
import { failureIn, isWorthRetrying } from './failure.ts';

/** Who is asked for, in calls that carry a token. */
export type Bearer = {
  /** Empty for visitors; `undefined` when there is none to be had at the moment. */
  token(): Promise<string | undefined>;
  /** Another one, because this was not accepted; empty when there is none to be had. */
  renew(refused: string): Promise<string>;
};

export const NOBODY: Bearer = { token: async () => '', renew: async () => '' };

export type Question = {
  readonly door: Door;
  readonly url: string;
  /** JSON to post; a GET without. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly bearer?: Bearer;
  /** Of one attempt. */
  readonly deadlineMs?: number;
  readonly attemptsMax?: number;
  /** The person would not notice that it failed. */
  readonly isQuiet?: boolean;
  readonly signal: AbortSignal;
};

export type Answer =
  | { readonly kind: 'answered'; readonly sent: Extract<Sent, { kind: 'answered' }> }
  /** `body`: of the last answer, empty when there was none. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly body: Buffer }
  | { readonly kind: 'given_up' };

export type AskNeeds = { readonly client: Client; readonly clock: Clock; readonly random: () => number; readonly record: Recorder };

/** As our app asks (apps/web/src/api/post.ts): three attempts of six seconds, a pause that doubles between them. */
const DEADLINE_MS = 6_000;
const ATTEMPTS_MAX = 3;
const BACKOFF_BASE_MS = 250;
/** A home page of forty rows is about 300 KiB. */
const ANSWER_BYTES_MAX = 4 * 1_024 * 1_024;

/** Asks until there is an answer or the app's own retries are spent. Never rejects. */
export async function ask(needs: AskNeeds, question: Question): Promise<Answer> {
  const counted = needs.record.request(question.door);
  const attemptsMax = question.attemptsMax ?? ATTEMPTS_MAX;
  for (let attempt = 1; ; attempt += 1) {
    const sent = await sendAsWhoAsks(needs, question, counted);
    const failure = failureIn(sent);
    counted.tried(sent, failure);
    if (sent.kind === 'given_up') {
      counted.over('given_up');
      return { kind: 'given_up' };
    }
    if (failure === undefined && sent.kind === 'answered') {
      counted.over('answered');
      return { kind: 'answered', sent };
    }
    if (failure === undefined || attempt >= attemptsMax || !isWorthRetrying(failure)) {
      counted.over(question.isQuiet === true ? 'unheard' : 'failed');
      return { kind: 'failed', failure: failure ?? 'broken_off', body: sent.kind === 'answered' ? sent.body : Buffer.alloc(0) };
    }
    await pause(needs.clock, BACKOFF_BASE_MS * 2 ** (attempt - 1) * (0.5 + needs.random() / 2), question.signal);
  }
}

/** With the access token; once more with another when that one had run out or was withdrawn. */
async function sendAsWhoAsks(needs: AskNeeds, question: Question, counted: CountedRequest): Promise<Sent> {
  const token = question.bearer === undefined ? '' : await question.bearer.token();
  if (token === undefined) return NO_TOKEN;
  const first = await send(needs, question, token);
  if (question.bearer === undefined || token === '' || !isTokenRefused(first)) return first;
  const other = await question.bearer.renew(token);
  if (other === '' || other === token) return first;
  counted.tried(first, undefined);
  return send(needs, question, other);
}

/** As our app has it: whoever gives out tokens is busy, and is asked again with the next attempt. */
const NO_TOKEN: Sent = { kind: 'failed', failure: 'busy', bytes: 0, address: '' };

function send({ client }: AskNeeds, question: Question, token = ''): Promise<Sent> {
  const { deadlineMs = DEADLINE_MS, body, headers, signal } = question;
  return client.send(new URL(question.url), {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'connect-protocol-version': '1', 'connect-timeout-ms': String(deadlineMs) }),
      ...headers,
      ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    limits: { headMs: deadlineMs, silenceMs: deadlineMs, totalMs: deadlineMs },
    keepBytesMax: ANSWER_BYTES_MAX,
    signal,
  });
}

function isTokenRefused(sent: Sent): boolean {
  return sent.kind === 'answered' && sent.status === 401 && String(sent.headers['www-authenticate'] ?? '').includes('invalid_token');
}
