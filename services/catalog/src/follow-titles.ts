import { setTimeout as pause } from 'node:timers/promises';

import type { Position, StreamEvent, Streams } from '@bioscope/kv';
import type { Logger } from '@bioscope/telemetry';

import { foldTitle, type TitleRecord } from './domain/title.ts';
import type { Shelf } from './shelf.ts';
import { TITLES_NAMESPACE, type CatalogStore } from './store.ts';
import { decodeTitleEvent } from './title-events.ts';

export type FollowTitles = {
  readonly store: CatalogStore;
  readonly shelf: Shelf;
  readonly streams: Streams;
  /** At least once for every removal. */
  readonly onRemoved: (record: TitleRecord) => Promise<void>;
  readonly log: Logger;
};

const PAUSE_FIRST_MS = 250;
/** A store that is down is asked twice a minute. */
const PAUSE_MAX_MS = 30_000;

/** Keeps the shelf current from the titles' events; takes up again where it stopped, after growing pauses, until closed. */
export function followTitles(parts: FollowTitles): { close(): Promise<void> } {
  const closing = new AbortController();
  const running = followUntilClosed(parts, closing.signal);
  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function followUntilClosed(parts: FollowTitles, closing: AbortSignal): Promise<void> {
  let pauseMs = PAUSE_FIRST_MS;
  while (!closing.aborted) {
    try {
      await followOnce(parts, closing, () => (pauseMs = PAUSE_FIRST_MS));
    } catch (fault) {
      parts.log.warn({ err: fault, pauseMs }, 'following the titles broke off');
      await pause(pauseMs, undefined, { signal: closing }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, PAUSE_MAX_MS);
    }
  }
}

async function followOnce(parts: FollowTitles, closing: AbortSignal, onProgress: () => void): Promise<void> {
  const after = await parts.store.readPosition();
  const subscription = parts.streams.subscribe({ namespace: TITLES_NAMESPACE, after }, async (events) => {
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

async function follow({ shelf, store, onRemoved }: FollowTitles, event: StreamEvent): Promise<void> {
  const known = shelf.find(event.stream);
  const version = known?.version ?? 0;
  if (version === event.sequence - 1) await shelf.adopt(foldTitle(event.stream, known, decodeTitleEvent(event)));
  else if (version < event.sequence) await adoptFromStream({ shelf, store }, event.stream);
  if (event.type !== 'title.removed') return;
  const removed = shelf.find(event.stream);
  if (removed !== null) await onRemoved(removed);
}

async function adoptFromStream({ shelf, store }: Pick<FollowTitles, 'shelf' | 'store'>, titleId: string): Promise<void> {
  const record = await store.readTitle(titleId);
  if (record !== null) await shelf.adopt(record);
}
