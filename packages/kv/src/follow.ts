import { setTimeout as pause } from 'node:timers/promises';
import { KV_FAULTS, KvFault, type Position, type StreamEvent, type Streams, type Subscription } from './port.ts';

/**
 * A subscription that outlives outages of the store: when it ends with a fault that goes by itself, it is taken up again after the last events that were handled, after
 * growing pauses. `ended` rejects with what else the handler or the store throws.
 */
export function follow(
  streams: Pick<Streams, 'subscribe'>,
  request: { readonly namespace: string; readonly after: Position | null },
  handler: (events: readonly StreamEvent[]) => Promise<void>,
  options: {
    /** Told of each fault that is waited out. */
    readonly onTrouble?: (fault: KvFault) => void;
    readonly pauseMsMin?: number;
  } = {},
): Subscription {
  const { onTrouble = () => {}, pauseMsMin = PAUSE_MS_MIN } = options;
  const closing = new AbortController();
  const ended = run();
  // Whoever does not look at `ended` must not bring the process down by that.
  ended.catch(() => {});

  async function run(): Promise<void> {
    let { after } = request;
    let pauseMs = pauseMsMin;
    while (!closing.signal.aborted) {
      const subscription = streams.subscribe({ namespace: request.namespace, after }, async (events) => {
        await handler(events);
        after = events.at(-1)?.position ?? after;
        pauseMs = pauseMsMin;
      });
      const close = (): void => void subscription.close();
      closing.signal.addEventListener('abort', close, { once: true });
      try {
        await subscription.ended;
        return;
      } catch (error) {
        if (!(error instanceof KvFault) || !KV_FAULTS[error.code].retry) throw error;
        onTrouble(error);
      } finally {
        closing.signal.removeEventListener('abort', close);
      }
      await pause(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX);
    }
  }

  return {
    ended,
    async close() {
      closing.abort();
      await ended.catch(() => {});
    },
  };
}

const PAUSE_MS_MIN = 250;
const PAUSE_MS_MAX = 30_000;
