import { setTimeout as pause } from 'node:timers/promises';

import type { Position, StreamEvent, Streams } from '@bioscope/kv';
import type { Logger } from '@bioscope/telemetry';

import type { Aggregate, Kept } from './aggregate.ts';
import { decodeEvent } from './record-events.ts';
import type { RecordStore } from './record-store.ts';
import type { Shelf } from './shelf.ts';

export type FollowRecords<R extends Kept, E extends { readonly type: string }> = {
  readonly aggregate: Aggregate<R, E>;
  readonly store: RecordStore<R, E>;
  readonly shelf: Shelf<R>;
  readonly streams: Streams;
  /** At least once for every removal. */
  readonly onRemoved: (record: R) => Promise<void>;
  readonly log: Logger;
};

const PAUSE_FIRST_MS = 250;
/** A store that is down is asked twice a minute. */
const PAUSE_MAX_MS = 30_000;

/** Keeps the shelf current from the records' events; takes up again where it stopped, after growing pauses, until closed. */
export function followRecords<R extends Kept, E extends { readonly type: string }>(parts: FollowRecords<R, E>): { close(): Promise<void> } {
  const closing = new AbortController();
  const running = followUntilClosed(parts, closing.signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function followUntilClosed<R extends Kept, E extends { readonly type: string }>(
  parts: FollowRecords<R, E>,
  closing: AbortSignal,
): Promise<void> {
  let pauseMs = PAUSE_FIRST_MS;
  while (!closing.aborted) {
    try {
      await followOnce(parts, closing, () => (pauseMs = PAUSE_FIRST_MS));
    } catch (fault) {
      parts.log.warn({ err: fault, pauseMs }, `following what happens to each ${parts.aggregate.what} broke off`);
      await pause(pauseMs, undefined, { signal: closing }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
    }
  }
}

async function followOnce<R extends Kept, E extends { readonly type: string }>(
  parts: FollowRecords<R, E>,
  closing: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const after = await parts.store.readPosition();
  const subscription = parts.streams.subscribe({ namespace: parts.aggregate.namespace, after }, async (events) => {
    let position: Position | null = null;
    for (const event of events) {
      await follow(parts, event);
      position = event.position;
    }
    if (position !== null) await parts.store.keepPosition(position);
    onProgress();
  });
  const close = (): void => void subscription.close();
  closing.addEventListener('abort', close, { once: true });
  if (closing.aborted) close();
  try {
    await subscription.ended;
  } finally {
    closing.removeEventListener('abort', close);
  }
}

async function follow<R extends Kept, E extends { readonly type: string }>(parts: FollowRecords<R, E>, event: StreamEvent): Promise<void> {
  const { aggregate, shelf, store, onRemoved } = parts;
  const known = shelf.find(event.stream);
  const version = known?.version ?? 0;
  if (version < event.sequence) {
    const isNext = version === event.sequence - 1;
    const record = isNext ? aggregate.fold(event.stream, known, decodeEvent(aggregate, event)) : await store.read(event.stream);
    if (record !== null) await shelf.adopt(record);
  }
  const now = shelf.find(event.stream);
  if (now?.removed === true && event.sequence === now.version) await onRemoved(now);
}
