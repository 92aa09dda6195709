import { bytes, documents, utf8, type KvStore } from '@bioscope/kv';

import { foldWork, type Work, type WorkEvent } from './domain/work.ts';

const WORK_NAMESPACE = 'studio_work';
const INDEX_NAMESPACE = 'studio_index';

/** How the studio's records lie in the key-value store: a stream per work, and an index of all works by id. */
export type WorkStore = {
  /** Before the first event, so that no work can exist unseen; an entry without a stream is no work. */
  enlist(workId: string): Promise<void>;
  delist(workId: string): Promise<void>;
  ids(): Promise<readonly string[]>;
  read(workId: string): Promise<Work | null>;
  /**
   * Appends what `decide` answers to the work as it is, and answers the work after it; null from `decide` appends nothing. The command id makes a
   * repetition harmless. Throws after too many conflicts.
   */
  record(workId: string, commandId: string, decide: (work: Work | null) => WorkEvent | null): Promise<Work>;
};

/** Conflicts come from at most a handful of jobs of one work that end in the same instant. */
const CONFLICTS_MAX = 20;
/** A work has about ten events; retries add two each. */
const EVENTS_MAX = 1_000;

export function workStore(kv: KvStore): WorkStore {
  const index = documents(kv.items, { namespace: INDEX_NAMESPACE, parse: () => true });

  async function load(workId: string): Promise<{ work: Work | null; version: number }> {
    const { events, version } = await kv.streams.read({ namespace: WORK_NAMESPACE, stream: workId, eventsMax: EVENTS_MAX });
    return {
      work: foldWork(
        workId,
        events.map(({ type, data }) => parseEvent(type, data)),
      ),
      version,
    };
  }

  return {
    enlist: (workId) => index.put(workId, true),
    delist: (workId) => index.delete(workId),
    async ids() {
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await index.list(cursor === null ? {} : { cursor });
        found.push(...page.documents.map(({ key }) => key));
        cursor = page.cursor;
      } while (cursor !== null);
      return found;
    },
    read: async (workId) => (await load(workId)).work,
    async record(workId, commandId, decide) {
      for (let attempt = 0; attempt < CONFLICTS_MAX; attempt += 1) {
        const { work, version } = await load(workId);
        const event = decide(work);
        if (event !== null) {
          const events = [{ type: event.type, data: bytes(JSON.stringify(event)) }];
          const answer = await kv.streams.append({
            namespace: WORK_NAMESPACE,
            stream: workId,
            expectedVersion: version,
            events,
            commandId,
          });
          if (answer.kind === 'conflict') continue;
        }
        const after = event === null ? work : (await load(workId)).work;
        if (after === null) throw new Error(`work ${workId} was never imported`);
        return after;
      }
      throw new Error(`work ${workId} changed ${CONFLICTS_MAX} times while an event was appended`);
    },
  };
}

/** The stream is written by this file only, so that its events may be taken for what they say they are. */
function parseEvent(type: string, data: Uint8Array): WorkEvent {
  return { ...(JSON.parse(utf8(data)) as WorkEvent), type } as WorkEvent;
}
