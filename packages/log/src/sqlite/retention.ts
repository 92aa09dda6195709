import type { DatabaseSync } from 'node:sqlite';
import type { Operation } from '@bioscope/kv/sqlite-worker';
import { WRITE } from './operations.ts';

/**
 * Deletes the oldest records of each partition while they are too old or the partition too large, whether or not every group has seen
 * them; a small batch per call. Answers how many were deleted.
 */
export function retentionOperation(database: DatabaseSync): Record<number, Operation> {
  const partitions = database.prepare('SELECT topic, partition, bytes FROM partitions');
  const oldest = database.prepare(`
    SELECT offset, recorded_at, length(key) + length(CAST(type AS BLOB)) + length(value) AS bytes FROM records
    WHERE topic = ? AND partition = ? ORDER BY offset LIMIT ${RECORDS_PER_PARTITION_MAX}`);
  const remove = database.prepare('DELETE FROM records WHERE topic = ? AND partition = ? AND offset < ?');
  const moveStart = database.prepare('UPDATE partitions SET first_offset = ?, bytes = max(0, bytes - ?) WHERE topic = ? AND partition = ?');

  function sweepPartition(topic: number, partition: number, bytes: number, limits: { oldestMs: number; bytesMax: number }): number {
    let first: number | null = null;
    let freed = 0;
    let count = 0;
    for (const row of oldest.all(topic, partition)) {
      if (Number(row['recorded_at']) >= limits.oldestMs && bytes - freed <= limits.bytesMax) break;
      first = Number(row['offset']) + 1;
      freed += Number(row['bytes']);
      count += 1;
    }
    if (first === null) return 0;
    remove.run(topic, partition, first);
    moveStart.run(first, freed, topic, partition);
    return count;
  }

  return {
    [WRITE.sweep]: (request, answer, nowMs) => {
      const limits = { oldestMs: nowMs - request.f64(), bytesMax: request.f64() };
      let deleted = 0;
      for (const row of partitions.all()) {
        deleted += sweepPartition(Number(row['topic']), Number(row['partition']), Number(row['bytes']), limits);
      }
      answer.f64(deleted);
    },
  };
}

/** Eight partitions of it are some ten milliseconds of work. */
const RECORDS_PER_PARTITION_MAX = 100;
