import {
  create,
  fromJson,
  toJson,
  type DescMessage,
  type DescMethodUnary,
  type JsonValue,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { CallError, failureOf, isWorthRetrying } from './call-error.ts';
import type { ServiceHosts } from './hosts.ts';

export type CallOptions = {
  /** Per attempt, milliseconds. */
  deadlineMs?: number;
  /** How often it is sent at most. */
  attemptsMax?: number;
  signal?: AbortSignal;
  /** The request outlives the page (at most 64 KiB in all browsers). */
  keepalive?: boolean;
};

/** Sends one Connect unary call as JSON (https://connectrpc.com/docs/protocol). Rejects with `CallError`, or the signal's reason. */
export type Call = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  options?: CallOptions,
) => Promise<MessageShape<O>>;

export type CallNeeds = {
  readonly hosts: ServiceHosts;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
};

// Long enough for a busy home server, short enough that a person still waits.
const DEADLINE_MS = 6_000;
// A first try and two more bridge the restart of one instance; beyond that the person decides.
const ATTEMPTS_MAX = 3;
const BACKOFF_BASE_MS = 250;

export function createCall(needs: CallNeeds): Call {
  return async (method, request, options = {}) => {
    const attemptsMax = options.attemptsMax ?? ATTEMPTS_MAX;
    const body = JSON.stringify(toJson(method.input, create(method.input, request)));
    for (let attempt = 1; ; attempt += 1) {
      try {
        const reply = await send(needs, method, body, options);
        return readReply(method, reply);
      } catch (error) {
        if (options.signal?.aborted || !(error instanceof CallError) || !isWorthRetrying(error) || attempt >= attemptsMax) throw error;
        await needs.sleep(BACKOFF_BASE_MS * 2 ** (attempt - 1) * (0.5 + needs.random() / 2));
      }
    }
  };
}

async function send(needs: CallNeeds, method: DescMethodUnary, body: string, options: CallOptions): Promise<JsonValue> {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]);
  const url = `${hostOf(needs.hosts, method)}/${method.parent.typeName}/${method.name}`;
  try {
    const response = await needs.fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'connect-protocol-version': '1', 'connect-timeout-ms': String(deadlineMs) },
      body,
      signal,
      keepalive: options.keepalive ?? false,
    });
    if (!response.ok) throw await refusalOf(response, method);
    return (await response.json()) as JsonValue;
  } catch (cause) {
    if (cause instanceof CallError || options.signal?.aborted) throw cause;
    if (deadline.aborted) throw new CallError(`${method.name} did not answer within ${deadlineMs} ms`, { failure: 'slow', cause });
    // fetch rejects with a TypeError when nobody answered; a broken JSON body is a SyntaxError.
    const failure = cause instanceof TypeError ? 'offline' : 'broken';
    throw new CallError(`${method.name} failed`, { failure, cause });
  }
}

async function refusalOf(response: Response, method: DescMethodUnary): Promise<CallError> {
  const requestId = response.headers.get('x-request-id') ?? '';
  const answer: unknown = await response.json().catch(() => null);
  const code = textField(answer, 'code');
  const message = textField(answer, 'message') || `${method.name} answered ${response.status}`;
  return new CallError(message, { failure: failureOf(response.status, code), code, requestId });
}

function textField(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null || !(name in value)) return '';
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' ? field : '';
}

function readReply<O extends DescMessage>(method: DescMethodUnary<DescMessage, O>, reply: JsonValue): MessageShape<O> {
  try {
    // A newer server may say more than this page knows.
    return fromJson(method.output, reply, { ignoreUnknownFields: true });
  } catch (cause) {
    throw new CallError(`${method.name} answered something this page does not understand`, { failure: 'broken', cause });
  }
}

/** Playback has a door of its own, so that browsing can fail without stopping films, and the other way round. */
function hostOf(hosts: ServiceHosts, method: DescMethodUnary): string {
  return method.parent.typeName.startsWith('bioscope.playback.') ? hosts.play : hosts.api;
}
