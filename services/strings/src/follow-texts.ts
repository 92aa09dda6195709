import { setTimeout as pause } from 'node:timers/promises';

import type { Streams } from '@bioscope/kv';
import type { Logger } from '@bioscope/telemetry';

import { isBundle } from '../contract/index.ts';
import type { Library } from './library.ts';
import { TEXTS_NAMESPACE } from './store.ts';

const PAUSE_FIRST_MS = 250;
/** A store that is down is asked twice a minute. */
const PAUSE_MAX_MS = 30_000;

/** Takes up what operators say through other instances; takes up again after growing pauses when the store was away, until closed. */
export function followTexts(parts: { library: Library; streams: Streams; log: Pick<Logger, 'warn'> }): { close(): Promise<void> } {
  const closing = new AbortController();
  const running = followUntilClosed(parts, closing.signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function followUntilClosed({ library, streams, log }: Parameters<typeof followTexts>[0], closing: AbortSignal): Promise<void> {
  let pauseMs = PAUSE_FIRST_MS;
  while (!closing.aborted) {
    try {
      // From the beginning: what is known already costs one comparison, and there is little of it.
      const subscription = streams.subscribe({ namespace: TEXTS_NAMESPACE, after: null }, async (events) => {
        const latest = new Map(events.map(({ stream, sequence }) => [stream, sequence]));
        for (const [stream, sequence] of latest)
          if (isBundle(stream) && sequence > library.changes(stream).length) await library.catchUp(stream);
        pauseMs = PAUSE_FIRST_MS;
      });
      const close = (): void => void subscription.close();
      closing.addEventListener('abort', close, { once: true });
      if (closing.aborted) close();
      await subscription.ended;
    } catch (err) {
      log.warn({ err, pauseMs }, 'following what operators say broke off');
      await pause(pauseMs, undefined, { signal: closing }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
    }
  }
}
