import type { DescMessage, DescMethodUnary, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import { childTraceparent } from '@bioscope/telemetry';
import type { Counter } from '@bioscope/telemetry';
import type { Balancer, Peer } from './balancer.ts';
import { PROTO } from './codec.ts';
import { errorFromAnswer, RpcError } from './error.ts';
import type { RpcFaults } from './faults.ts';
import { sendFaulty } from './faulty-send.ts';
import {
  CALLER_HEADER,
  PASSPORT_HEADER,
  PROTOCOL_HEADER,
  RAN_HEADER,
  REQUEST_ID_HEADER,
  SCOPE_HEADER,
  TIMEOUT_HEADER,
  TRACE_HEADER,
} from './headers.ts';
import type { LastAnswers } from './last-answers.ts';
import type { CallOptions, Client } from './port.ts';
import type { RetryBudget } from './retry-budget.ts';
import { hedge } from './hedge.ts';
import type { UnderWay } from './hedge.ts';
import { MESSAGE_BYTES_MAX } from './room.ts';
import { Wait } from './wait.ts';
import type { Outcome, Wires } from './wire/wires.ts';

/** What calls to one unit need. */
export type Line = {
  readonly caller: string;
  readonly unit: string;
  readonly balancer: Balancer;
  readonly wires: Wires;
  readonly budget: RetryBudget;
  readonly retries: Counter;
  /** The credential towards this unit, as it is now. */
  credential(): string | undefined;
  /** Resolves at the next change of the picture, or at the deadline. */
  changed(withinMs: number): Promise<void>;
  random(): number;
  /** Undefined in processes where no fault can be ordered. */
  readonly faults: LineFaults | undefined;
};
export type LineFaults = { readonly rules: RpcFaults; readonly last: LastAnswers<Outcome> };

/** The first and two more: what three instances in a row cannot answer, a fourth will not. */
const ATTEMPTS_MAX = 3;
/** Before the nth retry up to n times this, at random, so that callers of a fallen instance do not come back as one. */
const RETRY_PAUSE_MS = 20;
/** A healthy instance answers earlier; the rest of the usual deadline (2 s) is left for another. */
const HEDGE_AFTER_MS = 600;
/** Who waits longer than this asked for something that takes its time, such as news. */
const HEDGED_DEADLINE_MS_MAX = 5_000;
/** Requests under way to one instance; what comes beyond would only wait for a connection. */
const IN_FLIGHT_MAX = 1_024;
/** Nothing that could end a header line. */
const PASSPORT = /^[A-Za-z0-9_-]{1,2048}$/;
const SCOPE = /^[a-z0-9.-]{1,64}$/;
const FIXED_HEADERS = `content-type: ${PROTO.contentType}\r\n${PROTOCOL_HEADER}: 1\r\n`;

export function createClient<S extends DescService>(service: S, line: Line, answerBytesMax: number = MESSAGE_BYTES_MAX): Client<S> {
  const methods: Record<string, unknown> = {};
  for (const method of service.methods) {
    if (method.methodKind !== 'unary') continue;
    const path = `/${service.typeName}/${method.name}`;
    const target = { method: method as DescMethodUnary, path, answerBytesMax };
    methods[method.localName] = (request: MessageInitShape<DescMessage>, options?: CallOptions) =>
      call(line, target, request, options ?? {});
  }
  // One function per unary method, which is what the type says.
  return methods as Client<S>;
}

type Target = { readonly method: DescMethodUnary; readonly path: string; readonly answerBytesMax: number };

async function call(
  line: Line,
  target: Target,
  request: MessageInitShape<DescMessage>,
  options: CallOptions,
): Promise<MessageShape<DescMessage>> {
  const body = PROTO.encode(target.method.input, request);
  const wait = new Wait(options);
  line.budget.called();
  try {
    const tried: Peer[] = [];
    for (;;) {
      const peer = choose(line, tried, wait) ?? (await chooseLater(line, tried, wait));
      tried.push(peer);
      const { outcome, by } = await attempt(line, tried, target, body, options, wait);
      const result = judge(target.method, outcome, wait, line.unit);
      note(line.balancer, by, result, wait);
      if (result.kind === 'value') return result.value;
      const again = result.error.surelyNotRun || (options.idempotent === true && isDoubtful(result.error));
      if (!again || wait.over !== undefined || tried.length >= ATTEMPTS_MAX || !line.budget.spend()) throw result.error;
      line.retries.add({ unit: line.unit });
      await wait.pause(line.random() * RETRY_PAUSE_MS * tried.length);
    }
  } finally {
    wait.end();
  }
}

/** Undefined: nobody serves the unit yet. */
function choose(line: Line, tried: readonly Peer[], wait: Wait): Peer | undefined {
  if (wait.over !== undefined) throw wait.over;
  const peer = line.balancer.choose(tried);
  if (peer === undefined || peer.inFlight < IN_FLIGHT_MAX) return peer;
  throw new RpcError('unavailable', `too many calls to "${line.unit}" are under way`, { surelyNotRun: true });
}

/** At start-up the picture may not name anybody yet: that is waited for, not refused. */
async function chooseLater(line: Line, tried: readonly Peer[], wait: Wait): Promise<Peer> {
  for (;;) {
    await new Promise<void>((resolve) => {
      wait.onOver = resolve;
      void line.changed(wait.deadlineAtMs - Date.now()).then(resolve);
    });
    wait.onOver = undefined;
    // A timer may fire a moment before the clock shows its time.
    if (wait.over?.code === 'deadline_exceeded' || Date.now() >= wait.deadlineAtMs)
      throw new RpcError('unavailable', `nobody serves "${line.unit}"`, { surelyNotRun: true });
    const peer = choose(line, tried, wait);
    if (peer !== undefined) return peer;
  }
}

/** Sends to the last of `tried`; adds to them whom it asks beside. */
async function attempt(
  line: Line,
  tried: Peer[],
  target: Target,
  body: Uint8Array,
  options: CallOptions,
  wait: Wait,
): Promise<{ readonly outcome: Outcome; readonly by: Peer }> {
  const peer = tried[tried.length - 1] as Peer;
  if (line.faults?.rules.isActive === true)
    return { outcome: await sendUnderRules(line, line.faults, peer, target, body, options, wait), by: peer };
  const first = send(line, peer, target, body, options, wait);
  const { idempotent = false, deadlineMs = 0 } = options;
  if (!idempotent || tried.length >= ATTEMPTS_MAX || deadlineMs > HEDGED_DEADLINE_MS_MAX) return { outcome: await first, by: peer };
  const beganMs = performance.now();
  const given = new AbortController();
  let other: Peer | undefined;
  const second = (): UnderWay | undefined => {
    // It answers others: then it is this call that takes its time.
    if (peer.silentSinceMs > beganMs || wait.over !== undefined) return undefined;
    const candidate = line.balancer.choose(tried);
    if (candidate === undefined || tried.includes(candidate) || !line.budget.spend()) return undefined;
    other = candidate;
    tried.push(candidate);
    line.retries.add({ unit: line.unit });
    const signal = options.signal === undefined ? given.signal : AbortSignal.any([options.signal, given.signal]);
    const own = new Wait({ ...options, signal, deadlineMs: wait.deadlineAtMs - Date.now() });
    return {
      outcome: send(line, candidate, target, body, options, own).finally(() => own.end()),
      giveUp: () => given.abort(),
    };
  };
  const { outcome, isFirst } = await hedge({ first: { outcome: first, giveUp: () => wait.onOver?.() }, afterMs: HEDGE_AFTER_MS, second });
  if (isFirst || other === undefined) return { outcome, by: peer };
  line.balancer.failed(peer);
  return { outcome, by: other };
}

function sendUnderRules(
  line: Line,
  faults: LineFaults,
  peer: Peer,
  target: Target,
  body: Uint8Array,
  options: CallOptions,
  wait: Wait,
): Promise<Outcome> {
  const go = (): Promise<Outcome> => send(line, peer, target, body, options, wait);
  const method = target.method.name;
  const header = (name: string): string | undefined => options.within?.header(name);
  const injection = faults.rules.at({ side: 'client', caller: line.caller, callee: line.unit, method, header });
  return injection === undefined ? go() : sendFaulty(injection, { wait, method: target.path, body, last: faults.last, send: go });
}

function send(line: Line, peer: Peer, target: Target, body: Uint8Array, options: CallOptions, wait: Wait): Promise<Outcome> {
  const credential = line.credential();
  if (credential === undefined) {
    return Promise.reject(new RpcError('unauthenticated', `this process has no key for calls to "${line.unit}"`, { surelyNotRun: true }));
  }
  const { within } = options;
  const { path, answerBytesMax } = target;
  const timeoutMs = Math.max(1, Math.ceil(wait.deadlineAtMs - Date.now()));
  const requestId = within === undefined ? '' : `${REQUEST_ID_HEADER}: ${within.requestId}\r\n`;
  const passport = within?.header(PASSPORT_HEADER);
  const asker = passport !== undefined && PASSPORT.test(passport) ? `${PASSPORT_HEADER}: ${passport}\r\n` : '';
  const scope = line.faults === undefined ? undefined : within?.header(SCOPE_HEADER);
  const concerned = scope !== undefined && SCOPE.test(scope) ? `${SCOPE_HEADER}: ${scope}\r\n` : '';
  const headers = `${FIXED_HEADERS}${TIMEOUT_HEADER}: ${timeoutMs}\r\n${CALLER_HEADER}: ${credential}\r\n${TRACE_HEADER}: ${childTraceparent(within?.traceparent)}\r\n${requestId}${asker}${concerned}`;
  peer.inFlight += 1;
  return new Promise((resolve) => {
    let settled = false;
    const settle = (outcome: Outcome): void => {
      if (settled) return;
      settled = true;
      wait.onOver = undefined;
      peer.inFlight -= 1;
      resolve(outcome);
    };
    const abandon = line.wires.send(peer.instance.address, { path, headers, body, answerBytesMax }, settle);
    wait.onOver = () => {
      abandon();
      settle({ kind: 'broken', sent: true, cause: wait.over ?? new Error('over') });
    };
    // Over before it began: nobody would tell us any more.
    if (wait.over !== undefined) wait.onOver?.();
  });
}

type Result = { readonly kind: 'value'; readonly value: MessageShape<DescMessage> } | { readonly kind: 'error'; readonly error: RpcError };

function judge(method: DescMethodUnary, outcome: Outcome, wait: Wait, unit: string): Result {
  if (outcome.kind === 'broken') {
    const error =
      wait.over ?? new RpcError('unavailable', `"${unit}" did not answer`, { cause: outcome.cause, surelyNotRun: !outcome.sent });
    return { kind: 'error', error };
  }
  const contentType = outcome.headers['content-type'];
  if (outcome.status !== 200) {
    return { kind: 'error', error: errorFromAnswer(outcome.status, contentType, outcome.body, outcome.headers[RAN_HEADER] === 'no') };
  }
  if (contentType !== PROTO.contentType) {
    return { kind: 'error', error: new RpcError('unknown', `"${unit}" answered with the content type "${contentType ?? ''}"`) };
  }
  try {
    return { kind: 'value', value: PROTO.decode(method.output, outcome.body) };
  } catch (cause) {
    return { kind: 'error', error: new RpcError('internal', `"${unit}" answered what cannot be read`, { cause }) };
  }
}

/** What a caller's own impatience says about an instance: slow counts, cancelled does not. */
function note(balancer: Balancer, peer: Peer, result: Result, wait: Wait): void {
  if (wait.over?.code === 'canceled') return;
  if (result.kind === 'error' && (isDoubtful(result.error) || result.error.code === 'deadline_exceeded')) balancer.failed(peer);
  else balancer.succeeded(peer);
}

function isDoubtful(error: RpcError): boolean {
  return error.code === 'unavailable';
}
