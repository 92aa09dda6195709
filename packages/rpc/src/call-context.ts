import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { childTraceparent } from '@bioscope/telemetry';
import { REQUEST_ID_HEADER, TRACE_HEADER } from './headers.ts';
import type { RequestContext } from './port.ts';

const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** What a handler learns of its call. Everything that costs is made when first asked for: most handlers ask for nothing. */
export class CallContext implements RequestContext {
  readonly caller: string;
  readonly deadlineAtMs: number;
  readonly #request: IncomingMessage;
  #controller: AbortController | undefined;
  #abortedBecause: Error | undefined;
  #traceparent: string | undefined;
  #requestId: string | undefined;

  constructor(request: IncomingMessage, caller: string, deadlineAtMs: number) {
    this.#request = request;
    this.caller = caller;
    this.deadlineAtMs = deadlineAtMs;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#abortedBecause !== undefined) this.#controller.abort(this.#abortedBecause);
    }
    return this.#controller.signal;
  }

  get traceparent(): string {
    return (this.#traceparent ??= childTraceparent(this.header(TRACE_HEADER)));
  }

  get requestId(): string {
    return (this.#requestId ??= requestIdOf(this.#request));
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  abort(because: Error): void {
    this.#abortedBecause ??= because;
    this.#controller?.abort(because);
  }
}

/** The id that the request carries, or a new one: it goes into logs, so its form is checked. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
