import { bytes, newToken, utf8, type KvStore } from '@bioscope/kv';
import type { Logger } from '@bioscope/telemetry';

import { countOne, scoreAt, type Popularity } from './domain/popularity.ts';

const POPULARITY = { namespace: 'home_popularity', record: 'titles' } as const;
/** Other instances' counts are seen after this; a chart moves slower. */
const FRESH_MS = 30_000;

/** Where a report stands in the log. */
export type Standing = { readonly partition: number; readonly offset: number; readonly recordedAtMs: number };
type Kept = Popularity & { readonly offset: number; readonly recordedAtMs: number };

/**
 * How popular titles are. Counts are kept per title and partition of the log: a partition has one reader at a time, so that no two instances write one count,
 * and the offset kept with the count makes a repeated report count once.
 */
export type PopularityBoard = {
  count(titleId: string, atMs: number, standing: Standing): Promise<void>;
  /** From memory; of a title that nobody watched, 0. */
  scoreOf(titleId: string, nowMs: number): number;
  /** Reads all counts when the last reading is old. A store that does not answer leaves what was read last. */
  refresh(): Promise<void>;
};

export function popularityBoard(
  { items }: Pick<KvStore, 'items'>,
  { nowMs, logger }: { nowMs: () => number; logger: Logger },
): PopularityBoard {
  const counts = new Map<string, Map<number, Kept>>();
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  const take = (titleId: string, partition: number, kept: Kept): void => {
    const own = counts.get(titleId) ?? new Map<number, Kept>();
    counts.set(titleId, own.set(partition, kept));
  };
  const readOne = async (key: Uint8Array): Promise<Kept | null> => {
    const page = await items.get({ ...POPULARITY, select: { kind: 'keys', keys: [key] } });
    const value = page.items[0]?.value;
    return value === undefined ? null : keptIn(value);
  };
  const readAll = async (): Promise<void> => {
    try {
      let cursor: string | null = null;
      do {
        const page = await items.get({ ...POPULARITY, page: cursor === null ? {} : { cursor } });
        for (const { key, value } of page.items) take(...placeIn(utf8(key)), keptIn(value));
        cursor = page.cursor;
      } while (cursor !== null);
      readAtMs = nowMs();
    } catch (err) {
      logger.warn({ err }, 'popularity could not be read; the last known goes on');
      readAtMs = nowMs();
    } finally {
      reading = null;
    }
  };

  return {
    async count(titleId, atMs, { partition, offset, recordedAtMs }) {
      const key = bytes(`${titleId}/${partition}`);
      const before = await readOne(key);
      // Both, because offsets begin anew when a log does.
      if (before !== null && offset <= before.offset && recordedAtMs <= before.recordedAtMs) return;
      const kept: Kept = { ...countOne(before, atMs), offset, recordedAtMs };
      await items.put({ ...POPULARITY, items: [{ key, value: bytes(JSON.stringify(kept)) }], token: newToken() });
      take(titleId, partition, kept);
    },
    scoreOf(titleId, atMs) {
      let sum = 0;
      for (const kept of counts.get(titleId)?.values() ?? []) sum += scoreAt(kept, atMs);
      return sum;
    },
    async refresh() {
      if (nowMs() - readAtMs < FRESH_MS) return;
      reading ??= readAll();
      // Only the first reading is waited for.
      if (readAtMs === Number.NEGATIVE_INFINITY) await reading;
    },
  };
}

function placeIn(key: string): [titleId: string, partition: number] {
  const cut = key.lastIndexOf('/');
  return [key.slice(0, cut), Number(key.slice(cut + 1))];
}

/** Written by this file. */
function keptIn(value: Uint8Array): Kept {
  return JSON.parse(utf8(value)) as Kept;
}
