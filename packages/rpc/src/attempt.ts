import type { Dispatcher } from 'undici';
import { MESSAGE_BYTES_MAX } from './body.ts';

export type Outcome =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Record<string, string | string[] | undefined>;
      readonly body: Buffer;
    }
  /** No whole answer. `sent`: the request may have reached the other side. */
  | { readonly kind: 'broken'; readonly sent: boolean; readonly cause: Error };

const ABANDONED = new Error('the caller stopped waiting');
const TOO_LARGE = new Error(`the answer is larger than ${MESSAGE_BYTES_MAX} bytes`);
const EMPTY = Buffer.alloc(0);

/** One request on the wire, gathered whole. `settle` is called once. */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly #settle: (outcome: Outcome) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #abandoned = false;
  #status = 0;
  #headers: Record<string, string | string[] | undefined> = {};
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #bytes = 0;

  constructor(settle: (outcome: Outcome) => void) {
    this.#settle = settle;
  }

  /** Nobody waits any more: a request that was not sent yet is never sent, the connection of one that was is given up. */
  abandon(): void {
    this.#abandoned = true;
    this.#controller?.abort(ABANDONED);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#abandoned) controller.abort(ABANDONED);
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MESSAGE_BYTES_MAX) controller.abort(TOO_LARGE);
    else if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= [this.#first]).push(chunk);
  }

  onResponseEnd(): void {
    const body = this.#more === undefined ? (this.#first ?? EMPTY) : Buffer.concat(this.#more);
    this.#settle({ kind: 'answer', status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    this.#settle({ kind: 'broken', sent: this.#controller !== undefined, cause });
  }
}
