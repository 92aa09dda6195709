import type { LogRecord } from '@bioscope/log';
import type { GroupEngine } from '@bioscope/log/groups';
import type { Fetched_Record } from '../../contract/index.ts';
import { ownBytes } from '../domain/kv-messages.ts';
import type { LogCalls } from './remote-log.ts';

/** Whoever leaves is not worth waiting for: the end of the process, or of the lease, sets free what it held. */
const LEAVE_DEADLINE_MS = 3_000;
const REPEATABLE = { repeatable: true };

export function remoteGroupEngine({ read, write }: LogCalls): GroupEngine {
  return {
    async join({ topic, group, member }, { process, leaseMs, fromLatest }) {
      const value = { group, member, process, leaseMs, fromLatest };
      return (await write({ topic, does: { case: 'join', value } }, 'held', REPEATABLE)).partitions;
    },
    async fetch(topic, wanted, recordsMax) {
      const value = { wanted: wanted.map(({ partition, from }) => ({ partition, offset: from })), recordsMax };
      const { partitions } = await read({ topic, does: { case: 'fetch', value } }, 'fetched', REPEATABLE);
      return wanted.map(({ partition }, index) => (partitions[index]?.records ?? []).map((record) => recordFrom(topic, partition, record)));
    },
    async commit({ topic, group, member }, { partition, fence, nextOffset }, park) {
      const value = { group, member, partition, fence, nextOffset, park };
      // Parking twice would make two records of one.
      return (await write({ topic, does: { case: 'commit', value } }, 'committed', { repeatable: !park })).kept;
    },
    async release({ topic, group, member }, { partition, fence }) {
      await write({ topic, does: { case: 'release', value: { group, member, partition, fence } } }, 'done', REPEATABLE);
    },
    async leave({ topic, group, member }) {
      const how = { ...REPEATABLE, deadlineMs: LEAVE_DEADLINE_MS };
      await write({ topic, does: { case: 'leave', value: { group, member } } }, 'done', how);
    },
    lag: (topic, group) => read({ topic, does: { case: 'lag', value: { group } } }, 'lag', REPEATABLE),
  };
}

function recordFrom(topic: string, partition: number, { key, type, value, origin, offset, recordedAtMs }: Fetched_Record): LogRecord {
  const record = { topic, partition, offset, key, type, value: ownBytes(value), recordedAtMs };
  return origin === undefined ? record : { ...record, origin: { stream: origin.stream, sequence: origin.sequence } };
}
