import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import type { Route as Instance } from '@bioscope/rpc';
import { BRIDGE_MOUNT } from '../bridge/bridge.ts';
import type { Bridge, BridgeRoute } from '../bridge/bridge.ts';
import type { Handover } from '../bridge/handover.ts';
import { headerOf, stamp } from '../exchange.ts';
import type { Exchange, HostClass, Outcome, RawHeaders } from '../exchange.ts';
import { announcesBody } from '../filters/framing.ts';
import { headersForClient, headersForGateway, headersForUnit, headersFromGateway } from '../filters/headers.ts';
import { tooLarge } from '../filters/inbound.ts';
import type { Origins } from '../origins.ts';
import { faultReply } from '../reply.ts';
import type { AttemptEnd } from './attempt.ts';
import { Attempt } from './attempt.ts';
import type { Reply } from '../reply.ts';
import type { Route } from '../routes/route.ts';

type Needs = {
  readonly exchange: Exchange;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly origins: Origins;
  readonly bridge: Pick<Bridge, 'choose' | 'credential'>;
  handoverOf(exchange: Exchange): Handover;
  /** Answers the client instead of the unit. */
  reply(reply: Reply): void;
  /** Begins the unit's answer. */
  begin(status: number, headers: string[]): void;
  /** Begins the answer of another gateway, which needs nothing more. */
  pass(status: number, headers: string[]): void;
};

/** One more: on another instance where there is one. */
const ATTEMPTS_MAX = 2;
/** For a body that is read before it is sent. */
const BODY_TIMEOUT_MS = 10_000;
/** Between two pieces of an answer's body. */
const STALL_MS = 30_000;
const RETRY_AFTER_SECONDS = '1';
/** As units say that a call was not run. */
const RAN_HEADER = 'bioscope-ran';
/** The other gateway has the route's own limit, and answers when it is over. */
const BRIDGE_GRACE_MS = 1_000;
/** A read that another region does not begin to answer in this time is served here: less than what a player's buffer lasts. */
const BRIDGED_READ_MS = 2_000;

/** One request on its way to a unit and the answer on its way back. */
export class Forward {
  readonly #needs: Needs;
  readonly #route: Route;
  readonly #host: HostClass;
  readonly #tried: Instance[] = [];
  #entered = false;
  #wasBridged = false;
  #buffered: Buffer | undefined;
  #attempt: Attempt | undefined;
  #bodyTimer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(needs: Needs) {
    const { route, hostClass } = needs.exchange;
    if (route === undefined || hostClass === undefined) throw new Error('a request without a route cannot be forwarded');
    this.#needs = needs;
    this.#route = route;
    this.#host = hostClass;
  }

  start(): void {
    if (!this.#needs.origins.enter(this.#host)) {
      this.#fail(503, `"${this.#host}" has too many requests under way`, 'shed');
      return;
    }
    this.#entered = true;
    if (this.#route.body.kind === 'buffered') this.#readBody(this.#route.body.bytesMax);
    else this.#send();
  }

  /** The client's side of the connection has ended, one way or the other. */
  clientClosed(): void {
    clearTimeout(this.#bodyTimer);
    if (this.#entered) this.#needs.origins.leave(this.#host);
    this.#entered = false;
    this.#over = true;
    this.#attempt?.abandon();
  }

  /** For draining: who polls is told to ask again. */
  cutShort(): void {
    if (!this.#route.longPoll || this.#needs.response.headersSent) return;
    this.#fail(503, 'this gateway is going away', 'shed');
    this.#attempt?.abandon();
  }

  #readBody(bytesMax: number): void {
    const { request, exchange } = this.#needs;
    const chunks: Buffer[] = [];
    let bytes = 0;
    this.#bodyTimer = setTimeout(() => this.#fail(408, 'the body did not arrive in time', 'client_slow'), BODY_TIMEOUT_MS);
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= bytesMax) {
        chunks.push(chunk);
        return;
      }
      request.removeAllListeners('data');
      this.#finishWith(tooLarge(exchange, bytesMax));
    });
    request.on('end', () => {
      clearTimeout(this.#bodyTimer);
      stamp(exchange, 'bodyRead');
      this.#buffered = Buffer.concat(chunks);
      this.#send();
    });
    // Node reports a request that broke off as an error of the request and closes the answer: `clientClosed` does the rest.
    request.on('error', () => undefined);
  }

  #send(): void {
    if (this.#over) return;
    const { exchange, origins, bridge } = this.#needs;
    const away = this.#wasBridged || exchange.handover !== undefined ? undefined : bridge.choose(this.#host);
    this.#wasBridged = true;
    if (away !== undefined) {
      this.#sendAway(away);
      return;
    }
    exchange.bridgedTo = '';
    const instance = origins.choose(this.#host, this.#route.unit, this.#tried);
    if (instance === undefined) {
      this.#fail(503, `"${this.#route.unit}" is not running`, 'upstream_absent');
      return;
    }
    this.#tried.push(instance);
    exchange.attempts += 1;
    exchange.upstream = instance.address;
    stamp(exchange, 'sent');
    const attempt = new Attempt(
      instance,
      { ...this.#needs, begin: (status, headers) => this.#needs.begin(status, this.#headersBack(headers)) },
      {
        ended: (outcome) => this.#ended(outcome),
        mayTryAgain: (because) =>
          because === 'failed' && this.#tried.length < ATTEMPTS_MAX && this.#isRepeatable() && origins.mayRetry(this.#host),
        again: () => this.#send(),
      },
    );
    this.#dispatch(attempt, {
      path: `${this.#route.prefix}${exchange.path}${exchange.query}`,
      headers: headersForUnit(exchange, origins.credential(this.#host, this.#route.unit)),
      headersTimeout: this.#route.headTimeoutMs,
    });
  }

  /** A gateway that handed the request over is told, as the client is not, when nothing was run: it may serve it itself. */
  #headersBack(headers: RawHeaders): string[] {
    const kept = headersForClient(headers);
    const ran = this.#needs.exchange.handover === undefined ? undefined : headerOf(headers, RAN_HEADER);
    if (ran !== undefined) kept.push(RAN_HEADER, ran);
    return kept;
  }

  /** To another region's gateway. What fails there, and may be sent again, is served here: no budget is needed, as here is where it came to. */
  #sendAway(away: BridgeRoute): void {
    const { exchange, bridge } = this.#needs;
    exchange.bridgedTo = away.region;
    exchange.upstream = away.address;
    exchange.attempts += 1;
    stamp(exchange, 'sent');
    const attempt = new Attempt(
      away,
      { ...this.#needs, begin: (status, headers) => this.#needs.pass(status, headersFromGateway(headers)) },
      {
        ended: (outcome) => this.#ended(outcome),
        mayTryAgain: () => this.#isRepeatable(),
        again: () => this.#send(),
      },
    );
    const isRead = (exchange.method === 'GET' || exchange.method === 'HEAD') && !this.#route.longPoll;
    this.#dispatch(attempt, {
      path: `/http/gateway${BRIDGE_MOUNT}${exchange.path}${exchange.query}`,
      headers: headersForGateway(exchange, bridge.credential(), this.#needs.handoverOf(exchange)),
      headersTimeout: isRead ? BRIDGED_READ_MS : this.#route.headTimeoutMs + BRIDGE_GRACE_MS,
    });
  }

  #dispatch(attempt: Attempt, to: { readonly path: string; readonly headers: string[]; readonly headersTimeout: number }): void {
    this.#attempt = attempt;
    const { body, length } = this.#body(attempt);
    if (length !== undefined) to.headers.push('content-length', length);
    attempt.dispatch({ ...to, method: this.#needs.exchange.method, body, bodyTimeout: STALL_MS });
  }

  /** The body and, where it is known and undici does not see it itself, its length: without one it goes out in chunks. */
  #body(attempt: Attempt): { body: Buffer | Readable | null; length?: string } {
    if (this.#buffered !== undefined) return { body: this.#buffered.length === 0 ? null : this.#buffered };
    const { request, exchange } = this.#needs;
    if (this.#route.body.kind !== 'streamed' || !announcesBody(exchange.headers)) return { body: null };
    const length = headerOf(exchange.headers, 'content-length');
    const { bytesMax } = this.#route.body;
    // Through a stream of its own: undici destroys a body that it cannot send, and that must not be the client's connection, which waits for our answer.
    const body = request.pipe(limited(bytesMax, () => attempt.refuse(tooLarge(exchange, bytesMax))));
    return { body, ...(length === undefined ? {} : { length }) };
  }

  /** Reading again changes nothing; and a call of which the unit says that it did not run may be made again. Streams are gone once they are read. */
  #isRepeatable(): boolean {
    return this.#route.body.kind !== 'streamed' || !announcesBody(this.#needs.exchange.headers);
  }

  #ended(outcome: AttemptEnd): void {
    switch (outcome.kind) {
      case 'done':
        return;
      case 'refused':
        this.#finishWith(outcome.reply);
        return;
      case 'failed':
        this.#fail(outcome.status, outcome.message, outcome.outcome);
        return;
      default:
        outcome satisfies never;
    }
  }

  #fail(status: number, message: string, outcome: Outcome): void {
    const { exchange } = this.#needs;
    const headers = status === 503 ? ['retry-after', RETRY_AFTER_SECONDS] : [];
    // Nobody was reached: the gateway that handed it over may serve it itself.
    if (status === 503 && exchange.handover !== undefined) headers.push(RAN_HEADER, 'no');
    this.#finishWith(faultReply(exchange, status, message, outcome, headers));
  }

  #finishWith(reply: Reply): void {
    this.#over = true;
    clearTimeout(this.#bodyTimer);
    this.#needs.reply(reply);
  }
}

/** Passes on at most so many bytes; `onMore` is called once when there are more, and nothing passes any longer. */
function limited(bytesMax: number, onMore: () => void): Transform {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= bytesMax) done(null, chunk);
      else onMore();
    },
  });
  // Destroyed by undici when the unit breaks off: the attempt reports that.
  stream.on('error', () => undefined);
  return stream;
}
