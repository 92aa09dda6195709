import type { DescMessage, DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Instance } from './picture.ts';

/** Connect error codes (https://connectrpc.com/docs/protocol#error-codes). */
export const CODES = [
  'canceled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
] as const;
export type Code = (typeof CODES)[number];

export type CallOptions = {
  /** From now; the stricter of this and the surrounding request's deadline holds. Default 2 000. */
  deadlineMs?: number;
  signal?: AbortSignal;
  /** May be sent again when the outcome is unknown (at most twice, within the retry budget). Default false: then only retried when it surely did not run. */
  idempotent?: boolean;
  /** The context of the request this call is made for: deadline, trace and passport are handed on. */
  within?: RequestContext;
};

export type RequestContext = {
  /** Which unit calls: proved by its credential, never taken from what it says. "" only where anonymous callers are allowed. */
  readonly caller: string;
  /** Milliseconds since the epoch at which the caller stops waiting. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
  /** W3C trace context of this hop. */
  readonly traceparent: string;
  readonly requestId: string;
  header(name: string): string | undefined;
};

/** What a service takes beyond or below the usual. */
export type ServeLimits = {
  /** Of one request. Default 16 MiB. */
  readonly messageBytesMax?: number;
  /** Of the requests under way, as announced, together. What does not fit is refused at once: `unavailable`, surely not run. Default: no bound of its own. */
  readonly bytesUnderWayMax?: number;
  /** Calls under way, refused in the same way. Default: no bound but that of the process (4 096). */
  readonly callsUnderWayMax?: number;
};

/** One method per rpc of the service, in lowerCamelCase. Rejects with `RpcError`. */
export type Client<S extends DescService> = {
  readonly [M in keyof S['method']]: S['method'][M] extends DescMethodUnary<infer I extends DescMessage, infer O extends DescMessage>
    ? (request: MessageInitShape<I>, options?: CallOptions) => Promise<MessageShape<O>>
    : never;
};

export type Handlers<S extends DescService> = {
  readonly [M in keyof S['method']]: S['method'][M] extends DescMethodUnary<infer I extends DescMessage, infer O extends DescMessage>
    ? (request: MessageShape<I>, context: RequestContext) => Promise<MessageInitShape<O>> | MessageInitShape<O>
    : never;
};

/** Who may call: unit names; `'*'` in a list is every unit that proves who it is, `''` is anybody. Methods without an entry take the `'*'` entry. A caller that is not listed gets `permission_denied`. */
export type Allowed<S extends DescService> = { readonly '*': readonly string[] } & {
  readonly [M in keyof S['method']]?: readonly string[];
};

export type HttpContext = {
  readonly caller: string;
  readonly path: string;
  readonly url: URL;
  readonly requestId: string;
  readonly traceparent: string;
};
export type HttpHandler = (request: IncomingMessage, response: ServerResponse, context: HttpContext) => void | Promise<void>;

/** What a unit gets of the process's one RPC listener and of the way to other units; bound to the unit's identity. */
export type Rpc = {
  serve<S extends DescService>(service: S, handlers: Handlers<S>, allowed: Allowed<S>, limits?: ServeLimits): void;
  /** Plain HTTP for bytes: requests to `/http/<unit><prefix>…` (no RPC framing, streamed). `context.path` is what follows `/http/<unit>`. */
  mount(prefix: `/${string}`, handler: HttpHandler, allowed: readonly string[]): void;
  /**
   * Finds the unit by the second part of the protobuf package (`bioscope.<unit>.v1`) through discovery. `answerBytesMax` (default 16 MiB): a larger
   * answer breaks the call. `at` (host:port): that one instance and no other, for units whose instances are not alike; keep it in the picture
   * (`Picture.pin`), or its connections end with the next change.
   */
  client<S extends DescService>(service: S, how?: { readonly answerBytesMax?: number; readonly at?: string }): Client<S>;
  /** Where the unit's instances are now (host:port), the nearest first: for what each of them must hear. Empty while none is known. */
  addressesOf(unit: string): readonly string[];
  /** The same with their places, for who chooses among regions himself; in no order. The same array until something changes. */
  instancesOf(unit: string): readonly Instance[];
  /**
   * Plain HTTP to another unit's mount, streamed both ways; the caller's credential is added. Rejects with `RpcError` when nobody answers.
   * `deadlineMs` (default 10 000) holds until the head of the answer, counted anew while a streamed request body moves; a body that stands still
   * for 30 s is broken off. Bodiless GET and HEAD go to another instance when one fails before its answer.
   */
  fetch(unit: string, path: string, options?: HttpCallOptions): Promise<HttpAnswer>;
  /** For proxies: the same choice of instances and the same credential, with connections of its own, for bytes that the caller moves itself. */
  upstream(unit: string, options: { connectionsMax: number }): Upstream;
};

/** The instances of one unit as a proxy uses them. */
export type Upstream = {
  /** The least loaded of two, own zone first, those named in `tried` last; undefined when nobody serves the unit. Each route taken must be released once. */
  choose(tried?: readonly Route[]): Route | undefined;
  /** Name and value of the header that proves who calls. */
  credential(): readonly [string, string];
  close(): Promise<void>;
};
export type Route = {
  readonly address: string;
  readonly dispatcher: Dispatcher;
  /** `failed`: it could not be reached, broke off, or was too slow. `neither`: the client went away before one could tell. */
  release(outcome: 'answered' | 'failed' | 'neither'): void;
};

export type HttpCallOptions = {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array | NodeJS.ReadableStream;
  deadlineMs?: number;
  signal?: AbortSignal;
};
export type HttpAnswer = {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Readable;
};

/** Binds the process's RPC to one unit. `port<RpcHost>('rpc')`. */
export type RpcHost = { as(unit: string): Rpc };
