import {
  create,
  fromJson,
  toJson,
  type DescMessage,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { CallError, failureOf, isPassing } from './call-error.ts';
import { readFault } from './fault-body.ts';
import type { Session } from './session.ts';

export type CallOptions = {
  /** Per attempt, milliseconds. */
  readonly deadlineMs?: number;
  /** False for what must not run twice. Default: it may, because every operators' command is idempotent by its contract. */
  readonly again?: boolean;
  readonly signal?: AbortSignal;
};

/** Sends one Connect unary call as JSON, in the operator's name. Rejects with `CallError`, or the signal's reason. */
export type Call = <I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  request: MessageInitShape<I>,
  options?: CallOptions,
) => Promise<MessageShape<O>>;

export type CallNeeds = {
  readonly api: string;
  readonly session: Pick<Session, 'token' | 'renew'>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
};

/** The gateway gives a call ten seconds. */
const DEADLINE_MS = 10_000;
/** A first try and two more bridge the restart of one instance; beyond that the person decides. */
const ATTEMPTS_MAX = 3;
const BACKOFF_MS = 300;

export function createCall(needs: CallNeeds): Call {
  return async (method, request, options = {}) => {
    const body = JSON.stringify(toJson(method.input, create(method.input, request)));
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await send(needs, method, body, options);
        // A newer server may say more than this page knows.
        return fromJson(method.output, answer, { ignoreUnknownFields: true });
      } catch (error) {
        if (!(error instanceof CallError) || options.signal?.aborted === true) throw error;
        if (error.failure === 'forbidden' && !renewed) {
          // The token may have been ended early: a new one shows whether the operator was.
          renewed = true;
          await needs.session.renew();
          continue;
        }
        if (options.again === false || !isPassing(error.failure) || attempt >= ATTEMPTS_MAX) throw error;
        await needs.sleep(BACKOFF_MS * 2 ** (attempt - 1));
      }
    }
  };
}

async function send(needs: CallNeeds, method: DescMethodUnary, body: string, options: CallOptions) {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const response = await needs.fetch(`${needs.api}/${method.parent.typeName}/${method.name}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await needs.session.token()}`,
        'content-type': 'application/json',
        'connect-protocol-version': '1',
        'connect-timeout-ms': String(deadlineMs),
      },
      body,
      signal: options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]),
    });
    if (response.ok) return await response.json();
    const { code, message } = await readFault(response);
    throw new CallError(message || `${method.name} answered ${response.status}`, {
      failure: failureOf(response.status, code),
      requestId: response.headers.get('x-request-id') ?? '',
    });
  } catch (cause) {
    if (cause instanceof CallError || options.signal?.aborted === true) throw cause;
    if (deadline.aborted) throw new CallError(`${method.name} did not answer within ${deadlineMs / 1000} s`, { failure: 'slow', cause });
    // fetch rejects with a TypeError when nobody answered; a broken JSON body is a SyntaxError.
    throw new CallError(`${method.name} could not be asked`, { failure: cause instanceof TypeError ? 'offline' : 'broken', cause });
  }
}
