import type { DatabaseSync } from 'node:sqlite';
import type { Operation, Packer } from '@bioscope/kv/sqlite-worker';
import { PARKED_SUFFIX } from '../checks.ts';
import { WRITE } from './operations.ts';
import { isProcessGone } from './process-identity.ts';
import type { AppendRecord } from './records-writer.ts';
import type { Topic, Topics } from './topics.ts';

type Member = { readonly member: string; readonly process: string; readonly until: number };
type Held = { readonly partition: number; readonly next_offset: number; readonly member: string | null; readonly fence: number };

/**
 * Members of a group share its partitions: partition p belongs to the p-th member, counted round. Who holds a partition that belongs to
 * another is told so and lets go once its batch is done; only then the other takes it, with a greater fence. What a dead member held is
 * free at once when its process is gone, else when its lease runs out.
 */
export function groupOperations(
  database: DatabaseSync,
  topics: Topics,
  append: AppendRecord,
  changed: (topicName: string) => void,
): Record<number, Operation> {
  const begin = database.prepare(`
    INSERT INTO group_partitions SELECT topic, ?, partition, CASE ? WHEN 1 THEN next_offset ELSE first_offset END, NULL, 0
    FROM partitions WHERE topic = ? ON CONFLICT DO NOTHING`);
  const enter = database.prepare('INSERT INTO members VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET until = excluded.until');
  const isMember = database.prepare('SELECT 1 FROM members WHERE topic = ? AND group_name = ? AND member = ?');
  const members = database.prepare('SELECT member, process, until FROM members WHERE topic = ? AND group_name = ? ORDER BY member');
  const exit = database.prepare('DELETE FROM members WHERE topic = ? AND group_name = ? AND member = ?');
  const free = database.prepare('UPDATE group_partitions SET member = NULL WHERE topic = ? AND group_name = ? AND member = ?');
  const held = database.prepare(
    'SELECT partition, next_offset, member, fence FROM group_partitions WHERE topic = ? AND group_name = ? ORDER BY partition',
  );
  const take = database.prepare(
    'UPDATE group_partitions SET member = ?, fence = fence + 1 WHERE topic = ? AND group_name = ? AND partition = ? AND member IS NULL',
  );
  const advance = database.prepare(`
    UPDATE group_partitions SET next_offset = max(next_offset, ?)
    WHERE topic = ? AND group_name = ? AND partition = ? AND member = ? AND fence = ?`);
  const letGo = database.prepare(
    'UPDATE group_partitions SET member = NULL WHERE topic = ? AND group_name = ? AND partition = ? AND member = ? AND fence = ?',
  );
  const record = database.prepare(
    'SELECT key, type, value, origin_stream, origin_sequence FROM records WHERE topic = ? AND partition = ? AND offset = ?',
  );

  /** Members alive now, in order; the others lose what they held. */
  function living(topic: Topic, group: string, self: string, nowMs: number): readonly string[] {
    const all = members.all(topic.id, group) as unknown as Member[];
    const gone = all.filter(({ member, process, until }) => member !== self && (until <= nowMs || isProcessGone(process)));
    for (const { member } of gone) {
      exit.run(topic.id, group, member);
      free.run(topic.id, group, member);
    }
    return all.filter((member) => !gone.includes(member)).map(({ member }) => member);
  }

  function park(topicName: string, topic: Topic, partition: number, offset: number, nowMs: number): void {
    const row = record.get(topic.id, partition, offset);
    if (row === undefined) return;
    const parkedName = topicName.endsWith(PARKED_SUFFIX) ? topicName : topicName + PARKED_SUFFIX;
    // Back at the end of the same parked topic it would be a new record, whose origin must not count as a repetition.
    const origin =
      row['origin_stream'] === null || parkedName === topicName
        ? null
        : { stream: row['origin_stream'] as Uint8Array, sequence: Number(row['origin_sequence']) };
    const parked = { key: row['key'] as Uint8Array, type: String(row['type']), value: row['value'] as Uint8Array, origin };
    append(topics.topicFor(parkedName), parkedName, parked, nowMs);
  }

  return {
    /** Joins, or stays; answers which partitions the member now holds and whether it should keep them. */
    [WRITE.join]: (request, answer, nowMs) => {
      const topicName = request.text();
      const topic = topics.topicFor(topicName);
      const group = request.text();
      const member = request.text();
      const process = request.text();
      const until = nowMs + request.f64();
      begin.run(group, request.u8(), topic.id);
      const isNew = isMember.get(topic.id, group, member) === undefined;
      // A member whose row was taken away in the meantime holds nothing any more; it starts anew under the same name.
      enter.run(topic.id, group, member, process, until);
      const others = living(topic, group, member, nowMs);
      for (const row of held.all(topic.id, group) as unknown as Held[]) {
        const owner = others[row.partition % others.length];
        if (row.member === null && owner === member) take.run(member, topic.id, group, row.partition);
      }
      for (const row of held.all(topic.id, group) as unknown as Held[]) {
        if (row.member === member) packHeld(answer, row, others[row.partition % others.length] === member);
      }
      answer.u8(0);
      if (isNew) changed(topicName);
    },
    /** Answers 1, or 0 when the partition was lost in the meantime. With `park`, the record before `nextOffset` goes to the parked topic. */
    [WRITE.commit]: (request, answer, nowMs) => {
      const topicName = request.text();
      const topic = topics.topicFor(topicName);
      const group = request.text();
      const member = request.text();
      const partition = request.u32();
      const fence = request.f64();
      const nextOffset = request.f64();
      const parks = request.u8() === 1;
      const done = advance.run(nextOffset, topic.id, group, partition, member, fence).changes === 1;
      if (done && parks) park(topicName, topic, partition, nextOffset - 1, nowMs);
      answer.u8(done ? 1 : 0);
    },
    [WRITE.release]: (request) => {
      const topicName = request.text();
      const topic = topics.topicFor(topicName);
      letGo.run(topic.id, request.text(), request.u32(), request.text(), request.f64());
      changed(topicName);
    },
    [WRITE.leave]: (request) => {
      const topicName = request.text();
      const topic = topics.topicFor(topicName);
      const group = request.text();
      const member = request.text();
      exit.run(topic.id, group, member);
      free.run(topic.id, group, member);
      changed(topicName);
    },
  };
}

function packHeld(answer: Packer, { partition, next_offset: nextOffset, fence }: Held, keep: boolean): void {
  answer.u8(1);
  answer.u32(partition);
  answer.f64(fence);
  answer.f64(nextOffset);
  answer.u8(keep ? 1 : 0);
}
