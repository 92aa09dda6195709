import type { KvStore } from '@bioscope/kv';
import type { JobStore } from './job-store.ts';

/** What the parts of one opened set of queues share. */
export type Parts = {
  readonly kv: KvStore;
  readonly store: JobStore;
  readonly nowMs: () => number;
  readonly pollMs: number;
  readonly random: () => number;
  readonly newId: () => string;
  readonly onTrouble: (error: unknown) => void;
  /** Rings in this process: `<queue>` when there may be work, `<queue>/<id>` when a job was changed from outside its run. */
  readonly bell: EventTarget;
};
