import type { JobStore } from './job-store.ts';
import { isEnded } from './record.ts';
import type { JobRecord } from './record.ts';

/** After the register says so, the hints follow. Cut off between, the next worker that looks finds and mends it. */
export async function moveHint(store: JobStore, queue: string, record: JobRecord): Promise<void> {
  if (!isEnded(record)) return store.dropEnded(queue, record.id);
  await store.hintEnded(queue, record);
  await store.dropOpen(queue, record);
}
