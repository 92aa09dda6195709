import type { KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import type { Cluster } from './cluster.ts';
import type { Connections } from './connections.ts';
import { fetchFrom, nextAfter } from './fetch.ts';
import { isControl, offsetIn } from './record-format.ts';
import { UnreachableError } from './trouble.ts';

/** Reads all records of a partition from `from` up to, not including, `to`. Rejects at the first failure: whoever asks begins again. */
export async function readThrough(
  parts: { cluster: Cluster; connections: Connections },
  at: { topic: string; partition: number; from: number; to: number },
  take: (batch: RecordsBatch, record: KafkaRecord) => void,
): Promise<void> {
  const { topic, partition, to } = at;
  let { from } = at;
  let idle = 0;
  while (from < to) {
    const view = await parts.cluster.topic(topic);
    const leader = view?.leaders[partition] ?? null;
    if (view === null || leader === null) throw await unreadable(parts.cluster, topic, 'nobody leads it');
    const [fetched] = await fetchFrom(parts, { leader, view, wanted: [{ partition, from }], waitMs: WAIT_MS }).catch(
      async (error: unknown) => {
        await parts.cluster.refresh(topic).catch(() => {});
        throw error;
      },
    );
    if (fetched === undefined || fetched.refusal !== null) throw await unreadable(parts.cluster, topic, fetched?.refusal ?? 'no answer');
    for (const batch of fetched.batches) {
      if (isControl(batch)) continue;
      for (const record of batch.records) {
        const offset = offsetIn(batch, record);
        if (offset >= from && offset < to) take(batch, record);
      }
    }
    const next = nextAfter(fetched);
    // Compaction leaves holes; nothing more below the end means that the rest is one.
    if (next === from && fetched.end >= to) return;
    idle = next === from ? idle + 1 : 0;
    if (idle > IDLE_ROUNDS_MAX) throw await unreadable(parts.cluster, topic, `it ends at ${fetched.end}, before ${to}`);
    from = next;
  }
}

async function unreadable(cluster: Cluster, topic: string, why: string): Promise<Error> {
  await cluster.refresh(topic).catch(() => {});
  return new UnreachableError(`cannot read ${topic}: ${why}`);
}

const WAIT_MS = 100;
/** A new leader may take a moment to learn how far its replicas are. */
const IDLE_ROUNDS_MAX = 50;
