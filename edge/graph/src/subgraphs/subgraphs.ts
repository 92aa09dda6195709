import { PASSPORT_HEADER, SCOPE_HEADER } from '@bioscope/rpc';
import type { Route, Rpc, Upstream } from '@bioscope/rpc';

import type { AskSubgraph, SubgraphAnswer, SubgraphRequest } from '../execute/run.ts';
import { attempt, CLIENT_GONE, type Attempted } from './attempt.ts';
import { readAnswer } from './read-answer.ts';
import { turns, type Turns } from './turns.ts';

export type SubgraphSettings = {
  /** Requests to one service under way at once. */
  readonly fetchesMax: number;
  /** Until a service that does not answer is given up. */
  readonly fetchMs: number;
};

/** What goes along with every request that is made for one operation. */
export type ForRequest = {
  /** As it came in: services check it themselves. */
  readonly passport: string;
  /** For faults on purpose; empty where none may be ordered. */
  readonly scope: string;
  /** The client's `accept-language`; empty when it has none. */
  readonly language: string;
  readonly requestId: string;
  readonly traceparent: string;
  readonly deadlineAtMs: number;
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal;
};

export type Subgraphs = { for(request: ForRequest): AskSubgraph; close(): Promise<void> };

/** Twice as many as run may wait; who comes then would wait too long anyway. */
const WAITING_PER_RUNNING = 2;
/** One more, on another instance where there is one. */
const ATTEMPTS_MAX = 2;

/** The way to the domain services: bounded, with a deadline, tried again where that is safe; never rejects. */
export function subgraphs({
  rpc,
  settings,
  nowMs,
}: {
  rpc: Pick<Rpc, 'upstream'>;
  settings: SubgraphSettings;
  nowMs: () => number;
}): Subgraphs {
  const { fetchesMax, fetchMs } = settings;
  const ways = new Map<string, { readonly upstream: Upstream; readonly turns: Turns }>();
  // The names come from the composed graph, so there are as many as services.
  const wayTo = (service: string): { readonly upstream: Upstream; readonly turns: Turns } => {
    let way = ways.get(service);
    if (way === undefined) {
      const upstream = rpc.upstream(service, { connectionsMax: fetchesMax });
      way = { upstream, turns: turns({ atOnceMax: fetchesMax, waitingMax: fetchesMax * WAITING_PER_RUNNING }) };
      ways.set(service, way);
    }
    return way;
  };

  async function ask(asked: SubgraphRequest, request: ForRequest): Promise<SubgraphAnswer> {
    const { service } = asked;
    const way = wayTo(service);
    const timeoutMs = Math.min(fetchMs, request.deadlineAtMs - nowMs());
    if (timeoutMs <= 0 || request.signal.aborted) return tooSlow(service);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new Error('the time is up')), timeoutMs);
    const gone = (): void => late.abort(CLIENT_GONE);
    request.signal.addEventListener('abort', gone, { once: true });
    const giveBack = await way.turns.take(late.signal);
    try {
      if (giveBack === undefined) return late.signal.aborted ? tooSlow(service) : busy(service);
      return await tryInstances(way.upstream, asked, request, timeoutMs, late.signal);
    } finally {
      giveBack?.();
      clearTimeout(timer);
      request.signal.removeEventListener('abort', gone);
    }
  }

  return {
    for: (request) => (asked) => ask(asked, request),
    async close() {
      await Promise.all([...ways.values()].map(({ upstream }) => upstream.close()));
    },
  };
}

async function tryInstances(
  upstream: Upstream,
  asked: SubgraphRequest,
  request: ForRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<SubgraphAnswer> {
  const tried: Route[] = [];
  let last: Attempted = { kind: 'broke', sent: false };
  while (tried.length < ATTEMPTS_MAX) {
    const route = upstream.choose(tried);
    if (route === undefined) break;
    tried.push(route);
    const headers = headersFor(upstream, request, timeoutMs);
    last = await attempt(route, { path: `/http/${asked.service}/graphql`, headers, body: asked.body }, signal);
    if (!mayTryAgain(last, asked.isSafe)) break;
  }
  return answerOf(asked.service, last);
}

function headersFor(upstream: Upstream, request: ForRequest, timeoutMs: number): string[] {
  const [name, credential] = upstream.credential();
  return [
    'content-type',
    'application/json',
    name,
    credential,
    PASSPORT_HEADER,
    request.passport,
    'x-request-id',
    request.requestId,
    'traceparent',
    request.traceparent,
    'connect-timeout-ms',
    String(Math.ceil(timeoutMs)),
    ...(request.scope === '' ? [] : [SCOPE_HEADER, request.scope]),
    ...(request.language === '' ? [] : ['accept-language', request.language]),
  ];
}

/** A mutation only when it surely did not begin; nothing after the time is up. */
function mayTryAgain(attempted: Attempted, isSafe: boolean): boolean {
  if (attempted.kind === 'broke') return isSafe || !attempted.sent;
  return attempted.kind === 'answered' && attempted.status === 503 && !attempted.hasRun;
}

function answerOf(service: string, attempted: Attempted): SubgraphAnswer {
  switch (attempted.kind) {
    case 'answered':
      return readAnswer(service, attempted.status, attempted.body);
    case 'too_large':
      return { kind: 'failed', code: 'SERVICE_ANSWERED_WRONGLY', message: `${service} answered with more than is taken` };
    case 'late':
      return tooSlow(service);
    case 'broke':
      return { kind: 'failed', code: 'SERVICE_UNAVAILABLE', message: `${service} cannot be reached` };
    default:
      return attempted satisfies never;
  }
}

function tooSlow(service: string): SubgraphAnswer {
  return { kind: 'failed', code: 'SERVICE_TOO_SLOW', message: `${service} did not answer in time` };
}

function busy(service: string): SubgraphAnswer {
  return { kind: 'failed', code: 'SERVICE_BUSY', message: `${service} has too many requests to answer this one` };
}
