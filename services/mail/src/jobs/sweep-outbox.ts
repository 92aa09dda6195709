import { JobFault } from '@bioscope/jobs';

import type { MailParts } from '../parts.ts';
import type { Entry } from '../store.ts';
import { enqueueSending, SEND_QUEUE } from './send-message.ts';

const BATCH = 500;
/** Of one sweep: some thousands of messages a day leave; what is more waits for the next hour. */
const BATCHES_MAX = 40;

/** Forgets what is older than the outbox keeps, oldest first. */
export async function sweepOutbox(parts: MailParts): Promise<number> {
  let forgotten = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const { entries } = await parts.store.entries({ order: 'ascending', entriesMax: BATCH });
    const old = entries.filter((entry) => entry.createdAtMs < parts.nowMs() - parts.config.keptMs);
    for (const entry of old) await forget(parts, entry);
    forgotten += old.length;
    if (old.length < BATCH) break;
  }
  return forgotten;
}

/** A process that died between keeping a message and enqueuing it leaves one that nobody sends: they are among the newest. */
export async function enqueueForgotten(parts: MailParts): Promise<void> {
  const { entries } = await parts.store.entries({ order: 'descending', entriesMax: BATCH });
  for (const { id } of entries) {
    const message = await parts.store.read(id);
    if (message?.state === 'waiting') await enqueueSending(parts, id);
  }
}

async function forget(parts: MailParts, entry: Entry): Promise<void> {
  const job = await parts.jobs.get(SEND_QUEUE, entry.id);
  try {
    if (job !== null && job.endedAtMs === null) await parts.jobs.cancel(SEND_QUEUE, entry.id);
    if (job !== null) await parts.jobs.forget(SEND_QUEUE, entry.id);
  } catch (fault) {
    // It began to run just now: the next sweep finds it again.
    if (!(fault instanceof JobFault)) throw fault;
    return;
  }
  await parts.store.forget(entry);
}
