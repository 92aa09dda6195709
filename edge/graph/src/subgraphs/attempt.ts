import type { Route } from '@bioscope/rpc';

type Dispatch = Route['dispatcher']['dispatch'];
type Handler = Parameters<Dispatch>[1];
type Controller = Parameters<NonNullable<Handler['onRequestStart']>>[0];

export type Attempted =
  | { readonly kind: 'answered'; readonly status: number; readonly hasRun: boolean; readonly body: Buffer }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'late' }
  /** `sent` says whether the service may have begun with it. */
  | { readonly kind: 'broke'; readonly sent: boolean };

/** Of one answer; the gateway holds as many as it has fetches under way. */
const ANSWER_BYTES_MAX = 16 * 1_024 * 1_024;
const RAN_HEADER = 'bioscope-ran';

/** Sends one request to one instance and reads its whole answer. Never rejects; gives the route back. */
export function attempt(
  route: Route,
  request: { readonly path: string; readonly headers: string[]; readonly body: string },
  signal: AbortSignal,
): Promise<Attempted> {
  return new Promise((resolve) => {
    const over = (attempted: Attempted): void => {
      const isGone = attempted.kind === 'late' && signal.reason === CLIENT_GONE;
      route.release(attempted.kind === 'answered' ? 'answered' : isGone ? 'neither' : 'failed');
      resolve(attempted);
    };
    try {
      route.dispatcher.dispatch({ method: 'POST', ...request }, answerHandler(signal, over));
    } catch {
      // undici refuses what it cannot send, or is closing.
      over({ kind: 'broke', sent: false });
    }
  });
}

/** The reason of a signal that aborts for want of somebody who waits: no fault of the service. */
export const CLIENT_GONE: unique symbol = Symbol('the client is gone');

function answerHandler(signal: AbortSignal, told: (attempted: Attempted) => void): Handler {
  const chunks: Buffer[] = [];
  let controller: Controller | undefined;
  let status = 0;
  let hasRun = true;
  let bytes = 0;

  let isOver = false;

  const over = (attempted: Attempted): void => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener('abort', late);
    told(attempted);
  };
  const late = (): void => {
    over({ kind: 'late' });
    controller?.abort(new Error('nobody waits for this answer any more'));
  };
  signal.addEventListener('abort', late, { once: true });

  return {
    onRequestStart(given) {
      controller = given;
      if (signal.aborted) late();
    },
    onResponseStart(_controller, code, headers) {
      status = code;
      hasRun = headers[RAN_HEADER] !== 'no';
    },
    onResponseData(given, chunk) {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= ANSWER_BYTES_MAX) return;
      over({ kind: 'too_large' });
      given.abort(new Error('the answer is too large'));
    },
    onResponseEnd() {
      over({ kind: 'answered', status, hasRun, body: Buffer.concat(chunks) });
    },
    onResponseError() {
      over({ kind: 'broke', sent: controller !== undefined });
    },
  };
}
