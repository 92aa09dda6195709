import { boundsOf, committedBy, type OffsetsParts, tryWithin } from './offsets.ts';
import type { Topics } from './topics.ts';
import { toFault } from './trouble.ts';

/**
 * Records that the group has not committed: up to the end of what all replicas in sync have. A group that has not begun is behind by all there
 * is. Rejects with `KvFault` when the cluster does not tell within some seconds.
 */
export async function lagOf(parts: OffsetsParts, topics: Topics, { topic, group }: { topic: string; group: string }): Promise<number> {
  try {
    return await tryWithin(LAG_MS_MAX, async () => {
      const view = await topics.ready(topic);
      const committed = await committedBy(parts, group, view);
      const bounds = await boundsOf(parts, view, [...view.leaders.keys()]);
      let lag = 0;
      for (const [partition, { first, end }] of bounds) lag += Math.max(0, end - Math.max(first, committed[partition]?.offset ?? first));
      return lag;
    });
  } catch (error) {
    throw toFault(`ask how far ${group} is behind`, error);
  }
}

const LAG_MS_MAX = 5_000;
