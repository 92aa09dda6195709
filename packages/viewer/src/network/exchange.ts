import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import type { Failure } from '../figures/figures.ts';

export type ExchangeRequest = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly limits: Limits;
  /** How many bytes of the body are kept; bodies of films are counted and thrown away. A longer one is not what was asked for: `short`. */
  readonly keepBytesMax: number | 'none';
  readonly signal: AbortSignal;
};

/** Milliseconds of the clock. */
export type Limits = {
  /** Until the answer begins. */
  readonly headMs: number;
  /** Without one more byte of the body. */
  readonly silenceMs: number;
  readonly totalMs: number;
};

export type Exchanged =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: AnswerHeaders; readonly bytes: number; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly bytes: number }
  /** The signal: nobody waits any more. */
  | { readonly kind: 'given_up'; readonly bytes: number };

export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

type Handler = Parameters<Dispatcher['dispatch']>[1];
type Controller = Parameters<NonNullable<Handler['onRequestStart']>>[0];

/** One request to one address, and its whole answer. Never rejects. */
export function exchange(dispatcher: Dispatcher, clock: Clock, request: ExchangeRequest): Promise<Exchanged> {
  return new Promise((resolve) => {
    const { limits, signal, keepBytesMax } = request;
    const chunks: Buffer[] = [];
    let controller: Controller | undefined;
    let status = 0;
    let headers: AnswerHeaders = {};
    let bytes = 0;
    let silentSinceMs = clock.nowMs();
    let isOver = false;
    let cancelTimer = (): void => undefined;

    const over = (exchanged: Exchanged): void => {
      if (isOver) return;
      isOver = true;
      cancelTimer();
      signal.removeEventListener('abort', giveUp);
      resolve(exchanged);
    };
    const end = (exchanged: Exchanged): void => {
      over(exchanged);
      // Without one it has not been sent: undici is still connecting, and asks again before it sends.
      controller?.abort(new Error('nobody waits for this answer any more'));
    };
    const giveUp = (): void => end({ kind: 'given_up', bytes });
    const endsAtMs = silentSinceMs + limits.totalMs;
    // One timer that looks again at what is due, instead of a new one with every piece.
    const watch = (): void => {
      const nowMs = clock.nowMs();
      const silentAtMs = silentSinceMs + (status === 0 ? limits.headMs : limits.silenceMs);
      if (nowMs >= endsAtMs) end({ kind: 'failed', failure: 'slow', bytes });
      else if (nowMs >= silentAtMs) end({ kind: 'failed', failure: 'silent', bytes });
      else cancelTimer = clock.after(Math.min(endsAtMs, silentAtMs) - nowMs, watch);
    };

    const handler: Handler = {
      onRequestStart(given) {
        controller = given;
        if (isOver) given.abort(new Error('nobody waits for this answer any more'));
      },
      onResponseStart(_controller, code, given) {
        status = code;
        headers = given;
        silentSinceMs = clock.nowMs();
      },
      onResponseData(_controller, chunk) {
        bytes += chunk.length;
        silentSinceMs = clock.nowMs();
        if (keepBytesMax === 'none') return;
        if (bytes > keepBytesMax) end({ kind: 'failed', failure: 'short', bytes });
        else chunks.push(chunk);
      },
      onResponseEnd() {
        over({ kind: 'answered', status, headers, bytes, body: Buffer.concat(chunks) });
      },
      onResponseError(_controller, error) {
        over({ kind: 'failed', failure: failureOf(error), bytes });
      },
    };

    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener('abort', giveUp, { once: true });
    watch();
    try {
      const { method, path, body = null } = request;
      dispatcher.dispatch({ method, path, headers: request.headers, body }, handler);
    } catch {
      // undici is closing.
      giveUp();
    }
  });
}

function failureOf(error: Error): Failure {
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && NOT_CONNECTED.has(code) ? 'unreachable' : 'broken_off';
}

const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
