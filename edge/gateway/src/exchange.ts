import { randomUUID } from 'node:crypto';
import type { Passport } from '@bioscope/passport';
import { childTraceparent, newTraceparent } from '@bioscope/telemetry';
import type { Handover } from './bridge/handover.ts';
import type { Route } from './routes/route.ts';

export const HOST_CLASSES = ['app', 'console', 'api', 'play'] as const;
/** The virtual host: each has its own upstream connections and limits. */
export type HostClass = (typeof HOST_CLASSES)[number];

/** Hosts of pages: what a browser runs there may call the others. */
export function isPageHost(host: HostClass | undefined): host is 'app' | 'console' {
  return host === 'app' || host === 'console';
}

/** Names and values by turns, as they stand on the wire (as in `IncomingMessage.rawHeaders`). */
export type RawHeaders = readonly string[];

/** How a request ended, and so whose fault it was. */
export const OUTCOMES = [
  'answered',
  'refused',
  'client_gone',
  'client_slow',
  'shed',
  'upstream_absent',
  'upstream_slow',
  'upstream_broke',
  'upstream_fault',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** When each state was reached: indices into `Exchange.stamps`. */
export const STAMPS = { received: 0, decided: 1, bodyRead: 2, sent: 3, headReceived: 4, done: 5 } as const;

/** One request and its answer, from the first filter to the log line. Filters read and write it; nothing is copied from it. */
export type Exchange = {
  readonly requestId: string;
  readonly traceparent: string;
  readonly method: string;
  /** As received; `path` and `query` are what is routed and sent. */
  readonly target: string;
  readonly httpVersion: string;
  readonly headers: RawHeaders;
  readonly clientAddress: string;
  /** How the client came to the gateway that it knows. */
  readonly scheme: 'http' | 'https';
  /** What another region's gateway says that handed it to this one; undefined when the client itself came. */
  readonly handover: Handover | undefined;
  /** Monotonic milliseconds; NaN where the state was not reached. One array, so that stamping allocates nothing. */
  readonly stamps: Float64Array;
  hostClass: HostClass | undefined;
  /** The Host header's port with its colon, or nothing. */
  portSuffix: string;
  /** Normalised: no dot segments, no encoded unreserved characters. */
  path: string;
  /** With its question mark, or nothing. */
  query: string;
  route: Route | undefined;
  /** The allowed origin that asks, for the answer's CORS headers. */
  origin: string | undefined;
  /** What a good access token says; undefined for anonymous requests. */
  asker: Passport | undefined;
  /** Sealed, for the unit; empty where the route wants none. */
  passport: string;
  /** For faults on purpose; empty where none may be ordered. */
  scope: string;
  attempts: number;
  upstream: string;
  /** The region whose gateway has it, or nothing. */
  bridgedTo: string;
  status: number;
  bytesOut: number;
  outcome: Outcome;
};

type Received = Pick<Exchange, 'method' | 'target' | 'httpVersion' | 'headers' | 'clientAddress' | 'scheme'>;

export function createExchange(received: Received, handover?: Handover): Exchange {
  const stamps = new Float64Array(6).fill(Number.NaN);
  stamps[STAMPS.received] = performance.now();
  return {
    ...received,
    // Ids and traces from outside are not ours to trust: every request begins anew where it meets the first gateway, and only there.
    requestId: handover?.requestId ?? randomUUID(),
    traceparent: handover === undefined ? newTraceparent() : childTraceparent(handover.traceparent),
    handover,
    ...(handover === undefined ? {} : { clientAddress: handover.clientAddress, scheme: handover.scheme }),
    stamps,
    hostClass: undefined,
    portSuffix: '',
    path: '',
    query: '',
    route: undefined,
    origin: undefined,
    asker: undefined,
    passport: '',
    scope: '',
    attempts: 0,
    upstream: '',
    bridgedTo: '',
    status: 0,
    bytesOut: 0,
    outcome: 'answered',
  };
}

/** The value of the first header of that name (lower case). */
export function headerOf(headers: RawHeaders, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const candidate = headers[i];
    if (candidate !== undefined && candidate.length === name.length && candidate.toLowerCase() === name) return headers[i + 1];
  }
  return undefined;
}

export function stamp(exchange: Exchange, state: keyof typeof STAMPS): void {
  exchange.stamps[STAMPS[state]] = performance.now();
}
