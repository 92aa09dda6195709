import type { ServerResponse } from 'node:http';
import type { Route as Instance } from '@bioscope/rpc';
import type { Dispatcher } from 'undici';
import { stamp } from '../exchange.ts';
import type { Exchange, Outcome, RawHeaders } from '../exchange.ts';
import type { Reply } from '../reply.ts';

export type AttemptEnd =
  /** The answer has been handed to the client, or broken off in a way that the client sees. */
  | { readonly kind: 'done' }
  /** The client is at fault. */
  | { readonly kind: 'refused'; readonly reply: Reply }
  /** No answer has begun. */
  | { readonly kind: 'failed'; readonly status: number; readonly message: string; readonly outcome: Outcome };

type Needs = {
  readonly exchange: Exchange;
  readonly response: ServerResponse;
  /** Headers as they came from there. */
  begin(status: number, headers: RawHeaders): void;
};

type Told = {
  ended(end: AttemptEnd): void;
  /** Takes the right to another attempt, if there is one. Who was slow has mostly used up the time that another would need. */
  mayTryAgain(because: 'failed' | 'slow'): boolean;
  again(): void;
};

const ABANDONED = new Error('nobody waits for this answer any more');

/** One try of one request on one instance: passes the answer on as it comes, no faster than the client takes it. */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #instance: Instance;
  readonly #needs: Needs;
  readonly #told: Told;
  #controller: Dispatcher.DispatchController | undefined;
  #state: 'waiting' | 'answering' | 'discarding' | 'over' = 'waiting';

  constructor(instance: Instance, needs: Needs, told: Told) {
    this.#instance = instance;
    this.#needs = needs;
    this.#told = told;
  }

  dispatch(options: Dispatcher.DispatchOptions): void {
    try {
      this.#instance.dispatcher.dispatch(options, this);
    } catch (cause) {
      // What undici itself refuses to send: a header or path that got past our filters.
      this.#broke(cause instanceof Error ? cause : new Error(String(cause)));
    }
  }

  /** The client is gone. */
  abandon(): void {
    this.#finish('neither');
  }

  refuse(reply: Reply): void {
    if (this.#finish('neither')) this.#told.ended({ kind: 'refused', reply });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#state === 'over') controller.abort(ABANDONED);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Record<string, string | string[] | undefined>): void {
    // Interim answers are between the unit and us.
    if (status < 200 || this.#state === 'over') return;
    if (status === 503 && headers['bioscope-ran'] === 'no' && this.#told.mayTryAgain('failed')) {
      this.#state = 'discarding';
      return;
    }
    this.#state = 'answering';
    stamp(this.#needs.exchange, 'headReceived');
    if (status >= 500) this.#needs.exchange.outcome = 'upstream_fault';
    this.#needs.begin(status, textOf(controller.rawHeaders));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#state !== 'answering') return;
    const { exchange, response } = this.#needs;
    exchange.bytesOut += chunk.length;
    if (response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    if (this.#state === 'over') return;
    const discarded = this.#state === 'discarding';
    this.#state = 'over';
    this.#instance.release(discarded ? 'failed' : 'answered');
    if (discarded) {
      this.#told.again();
      return;
    }
    this.#needs.response.end();
    this.#told.ended({ kind: 'done' });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.#broke(cause);
  }

  #broke(cause: Error): void {
    const was = this.#state;
    if (!this.#finish('failed')) return;
    const { exchange, response } = this.#needs;
    if (was === 'answering') {
      // The head is out: only a broken connection tells the client that this is not the end.
      exchange.outcome = 'upstream_broke';
      response.destroy();
      this.#told.ended({ kind: 'done' });
      return;
    }
    const sent = this.#controller !== undefined;
    const isRead = exchange.method === 'GET' || exchange.method === 'HEAD';
    const isSafe = !sent || isRead || was === 'discarding';
    if (isSafe && this.#told.mayTryAgain(isTooSlow(cause) ? 'slow' : 'failed')) this.#told.again();
    else this.#told.ended(failureOf(cause, sent));
  }

  /** False when it was over already. */
  #finish(outcome: 'failed' | 'neither'): boolean {
    if (this.#state === 'over') return false;
    this.#state = 'over';
    this.#instance.release(outcome);
    this.#controller?.abort(ABANDONED);
    return true;
  }
}

function failureOf(cause: Error, sent: boolean): AttemptEnd {
  if (isTooSlow(cause)) {
    return { kind: 'failed', status: 504, message: 'the answer did not come in time', outcome: 'upstream_slow' };
  }
  return sent
    ? { kind: 'failed', status: 502, message: 'the answer broke off', outcome: 'upstream_broke' }
    : { kind: 'failed', status: 503, message: 'nobody could be reached to answer this', outcome: 'upstream_absent' };
}

function isTooSlow(cause: Error): boolean {
  return cause.name === 'HeadersTimeoutError';
}

/** undici hands on what the parser saw, as bytes. */
function textOf(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')));
}
