import type { Bearer } from './bearer.ts';
import { CallError, failureOf, isWorthRetrying } from './call-error.ts';

export type PostOptions = {
  /** Per attempt, milliseconds. */
  deadlineMs?: number;
  /** How often it is sent at most. */
  attemptsMax?: number;
  signal?: AbortSignal;
  /** The request outlives the page (at most 64 KiB in all browsers). */
  keepalive?: boolean;
};

export type PostNeeds = {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly bearer: Bearer;
};

export type PostRequest = {
  /** What is asked, for messages. */
  readonly name: string;
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

// Long enough for a busy home server, short enough that a person still waits.
export const DEADLINE_MS = 6_000;
// A first try and two more bridge the restart of one instance; beyond that the person decides.
const ATTEMPTS_MAX = 3;
const BACKOFF_BASE_MS = 250;

/** Posts JSON that may be sent twice, and reads the JSON answer. Rejects with `CallError`, or the signal's reason. */
export async function post(needs: PostNeeds, request: PostRequest, options: PostOptions = {}): Promise<unknown> {
  const attemptsMax = options.attemptsMax ?? ATTEMPTS_MAX;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sendAsWhoAsks(needs, request, options);
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof CallError) || !isWorthRetrying(error) || attempt >= attemptsMax) throw error;
      await needs.sleep(BACKOFF_BASE_MS * 2 ** (attempt - 1) * (0.5 + needs.random() / 2));
    }
  }
}

/** With the access token; once more with another when that one had run out or was withdrawn. */
async function sendAsWhoAsks(needs: PostNeeds, request: PostRequest, options: PostOptions): Promise<unknown> {
  const { bearer } = needs;
  const given = bearer.token();
  const token = typeof given === 'string' ? given : await given;
  const first = await send(needs, request, options, token);
  if (first.kind === 'answered') return first.body;
  const other = token === '' ? '' : await bearer.renew(token);
  if (other === '' || other === token) throw first.error;
  const second = await send(needs, request, options, other);
  if (second.kind === 'answered') return second.body;
  throw second.error;
}

type Sent = { readonly kind: 'answered'; readonly body: unknown } | { readonly kind: 'token_refused'; readonly error: CallError };

async function send(needs: PostNeeds, request: PostRequest, options: PostOptions, token: string): Promise<Sent> {
  const { name, url, body, headers = {} } = request;
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  try {
    const response = await needs.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers, ...(token === '' ? {} : { authorization: `Bearer ${token}` }) },
      body,
      signal,
      keepalive: options.keepalive ?? false,
    });
    if (response.ok) return { kind: 'answered', body: await response.json() };
    const error = await refusalOf(response, name);
    if (response.status === 401 && response.headers.get('www-authenticate')?.includes('invalid_token') === true)
      return { kind: 'token_refused', error };
    throw error;
  } catch (cause) {
    if (cause instanceof CallError || options.signal?.aborted) throw cause;
    if (deadline.aborted) throw new CallError(`${name} did not answer within ${deadlineMs} ms`, { failure: 'slow', cause });
    // fetch rejects with a TypeError when nobody answered; a broken JSON body is a SyntaxError.
    const failure = cause instanceof TypeError ? 'offline' : 'broken';
    throw new CallError(`${name} failed`, { failure, cause });
  }
}

async function refusalOf(response: Response, name: string): Promise<CallError> {
  const requestId = response.headers.get('x-request-id') ?? '';
  const answer: unknown = await response.json().catch(() => null);
  const code = textField(answer, 'code');
  const message = textField(answer, 'message') || `${name} answered ${response.status}`;
  return new CallError(message, { failure: failureOf(response.status, code), code, requestId });
}

function textField(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null || !(name in value)) return '';
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' ? field : '';
}
