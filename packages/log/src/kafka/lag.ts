import { boundsOf, committedBy, type OffsetsParts, tryWithin } from './offsets.ts';
import type { Topics } from './topics.ts';
import { NoAnswerError, toFault } from './trouble.ts';
import { within } from './within.ts';

/**
 * Records that the group has not committed: up to the end of what all replicas in sync have. A group that has not begun is behind by all there
 * is. Rejects with `KvFault` when the cluster does not tell within ten seconds.
 */
export async function lagOf(parts: OffsetsParts, topics: Topics, { topic, group }: { topic: string; group: string }): Promise<number> {
  try {
    const asked = tryWithin(LAG_MS_MAX / 2, async () => {
      const view = await topics.ready(topic);
      const committed = await committedBy(parts, group, view);
      const bounds = await boundsOf(parts, view, [...view.leaders.keys()]);
      let lag = 0;
      for (const [partition, { first, end }] of bounds) lag += Math.max(0, end - Math.max(first, committed[partition]?.offset ?? first));
      return lag;
    });
    return await within(LAG_MS_MAX, asked, () => new NoAnswerError(`not told within ${LAG_MS_MAX} ms`));
  } catch (error) {
    throw toFault(`ask how far ${group} is behind`, error);
  }
}

const LAG_MS_MAX = 10_000;
