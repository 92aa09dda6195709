import type { KvStore } from '@bioscope/kv';
import { relay, type Log } from '@bioscope/log';
import type { Logger } from '@bioscope/telemetry';

import type { Aggregate, Kept } from './aggregate.ts';
import { changeRecord, type ChangeRecord } from './change-record.ts';
import { followRecords } from './follow-records.ts';
import { recordStore } from './record-store.ts';
import { openShelf, type Shelf } from './shelf.ts';

/** Reading and changing all records of a kind. */
export type Records<R extends Kept, E> = {
  readonly shelf: Shelf<R>;
  readonly change: ChangeRecord<R, E>;
  /** As its stream says now, for what another instance made a moment ago. Also a removed one. */
  find(id: string): Promise<R | null>;
};

export type OpenRecords<R extends Kept, E> = {
  readonly records: Records<R, E>;
  /** Follows the events from now on and announces them on the topic, until closed. */
  follow(on: { readonly log: Log; readonly topic: string; readonly onRemoved: (record: R) => Promise<void> }): { close(): Promise<void> };
};

export async function openRecords<R extends Kept, E extends { readonly type: string }>(
  parts: { readonly kv: KvStore; readonly logger: Logger },
  aggregate: Aggregate<R, E>,
): Promise<OpenRecords<R, E>> {
  const { kv, logger } = parts;
  const store = recordStore(kv, aggregate);
  const shelf = await openShelf(store);
  return {
    records: {
      shelf,
      change: changeRecord({ aggregate, store, shelf }),
      find: async (id) => shelf.find(id) ?? (await store.read(id)),
    },
    follow({ log, topic, onRemoved }) {
      const following = followRecords({ aggregate, store, shelf, streams: kv.streams, log: logger, onRemoved });
      const relaying = relay(kv, log, {
        namespace: aggregate.namespace,
        topic,
        failed: (err) => logger.warn({ err, topic }, 'what happened could not be announced yet'),
      });
      return {
        async close() {
          await relaying.close();
          await following.close();
        },
      };
    },
  };
}
