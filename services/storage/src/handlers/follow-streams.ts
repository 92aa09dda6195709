import type { KvStore, StreamEvent } from '@bioscope/kv';
import type { Handlers } from '@bioscope/rpc';
import type { KvService } from '../../contract/index.ts';
import { asRpcError } from '../domain/faults.ts';
import type { ReadRoom } from '../domain/read-room.ts';
import { waitMsOf } from '../domain/wait.ts';

/** Of one answer, but for its first event: whoever follows gets the rest by asking on. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** What the embedded engine delivers at once, give or take an event. */
const DELIVERY_BYTES = 8 * 1024 * 1024;
/** Whoever is behind has its first delivery within this; after it, what comes is news, and small. */
const FIRST_LOOK_MS = 20;

export type FollowStreams = {
  readonly kv: Pick<KvStore, 'streams'>;
  /** For those who are behind: many of them at once would fill memory. */
  readonly room: ReadRoom;
  /** Those who wait are answered with nothing. */
  readonly closing: AbortSignal;
};

/** One question is one short subscription: nothing is kept of those who follow. */
export function followStreams({ kv, room, closing }: FollowStreams): Handlers<typeof KvService>['follow'] {
  return async ({ namespace, after, waitMs }, { signal }) => {
    let leave = (): void => undefined;
    try {
      await room.enter(DELIVERY_BYTES, signal);
      leave = once(() => room.leave(DELIVERY_BYTES));
      setTimeout(leave, FIRST_LOOK_MS);
      const events = await nextEvents(kv, { namespace, after: after ?? null }, waitMsOf(waitMs), AbortSignal.any([signal, closing]));
      return { events: cut(events) };
    } catch (error) {
      throw asRpcError(error);
    } finally {
      leave();
    }
  };
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

async function nextEvents(
  kv: Pick<KvStore, 'streams'>,
  from: { namespace: string; after: string | null },
  waitMs: number,
  given: AbortSignal,
): Promise<readonly StreamEvent[]> {
  const found = Promise.withResolvers<readonly StreamEvent[]>();
  const released = Promise.withResolvers<void>();
  const subscription = kv.streams.subscribe(from, (events) => {
    found.resolve(events);
    // Held until the subscription is closed, so that it reads no further.
    return released.promise;
  });
  const stop = (): void => found.resolve([]);
  const timer = setTimeout(stop, waitMs);
  given.addEventListener('abort', stop, { once: true });
  if (given.aborted) stop();
  // It ends by itself only with a fault.
  subscription.ended.catch(found.reject);
  try {
    return await found.promise;
  } finally {
    clearTimeout(timer);
    given.removeEventListener('abort', stop);
    // Not awaited: a read under way may take its time. What it meets then concerns nobody.
    void subscription.close();
    released.resolve();
  }
}

function cut(events: readonly StreamEvent[]): StreamEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ data }, index) => {
    bytes += data.length;
    return index > 0 && bytes > ANSWER_BYTES_MAX;
  });
  return events.slice(0, end === -1 ? events.length : end);
}
