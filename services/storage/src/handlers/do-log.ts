import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { KvFault } from '@bioscope/kv';
import type { LogRecord } from '@bioscope/log';
import { checkGroup, checkTopic } from '@bioscope/log/groups';
import type { LogEngine } from '@bioscope/log/groups';
import type { Handlers } from '@bioscope/rpc';
import { LogOperationSchema, LogOutcomeSchema } from '../../contract/index.ts';
import type { Fetch, Fetched_RecordSchema, Join, LogOperation, LogService, Publish_Record } from '../../contract/index.ts';
import type { ReadRoom } from '../domain/read-room.ts';
import { answerBatch } from './answer-batch.ts';

type DoLog = { readonly log: Omit<LogEngine, 'onNews'>; readonly room: ReadRoom };
type OutcomeInit = NonNullable<MessageInitShape<typeof LogOutcomeSchema>['is']>;

export function doLog(parts: DoLog): Handlers<typeof LogService>['do'] {
  return async ({ operations }, { signal }) => ({
    outcomes: await answerBatch(operations, {
      async perform(bytes) {
        return written(await perform(parts, readOperation(bytes), signal));
      },
      faulted: (fault) => written({ case: 'fault', value: fault }),
    }),
  });
}

function written(is: OutcomeInit): Uint8Array {
  return toBinary(LogOutcomeSchema, create(LogOutcomeSchema, { is }));
}

function readOperation(bytes: Uint8Array): LogOperation {
  try {
    return fromBinary(LogOperationSchema, bytes);
  } catch (cause) {
    throw new KvFault('KV_BAD_REQUEST', 'the operation is not a LogOperation', { cause });
  }
}

async function perform({ log, room }: DoLog, { topic, does }: LogOperation, signal: AbortSignal): Promise<OutcomeInit> {
  checkTopic(topic);
  switch (does.case) {
    case 'publish':
      await log.publish(topic, does.value.records.map(recordFrom));
      return DONE;
    case 'join':
      return join(log, topic, does.value);
    case 'fetch':
      return fetch({ log, room }, topic, does.value, signal);
    case 'commit': {
      const { partition, fence, nextOffset, park } = does.value;
      const kept = await log.commit(membership(topic, does.value), { partition, fence, nextOffset }, park);
      return { case: 'committed', value: { kept } };
    }
    case 'release': {
      const { partition, fence } = does.value;
      await log.release(membership(topic, does.value), { partition, fence });
      return DONE;
    }
    case 'leave':
      await log.leave(membership(topic, does.value));
      return DONE;
    case 'lag':
      checkGroup(does.value.group);
      return { case: 'lag', value: await log.lag(topic, does.value.group) };
    case undefined:
      throw new KvFault('KV_BAD_REQUEST', 'the operation does nothing that this storage knows');
    default:
      return does satisfies never;
  }
}

const DONE: OutcomeInit = { case: 'done', value: {} };
/** A partition of a dead member must not be lost for longer than an operator would wait. */
const LEASE_MS_MAX = 60_000;
const LEASE_MS_MIN = 100;
/** Of members and processes: as they name themselves. */
const NAME_CHARACTERS_MAX = 200;
/** Topics have far fewer. */
const PARTITIONS_MAX = 1_024;
const RECORDS_PER_FETCH_MAX = 1_000;
/** What the engine fetches at most, give or take a record. */
const FETCH_BYTES = 3 * 1024 * 1024;

async function join(log: DoLog['log'], topic: string, request: Join): Promise<OutcomeInit> {
  const { process, leaseMs, fromLatest } = request;
  checkText('process', process);
  if (!(leaseMs >= LEASE_MS_MIN && leaseMs <= LEASE_MS_MAX)) {
    throw new KvFault('KV_BAD_REQUEST', `leaseMs must be from ${LEASE_MS_MIN} to ${LEASE_MS_MAX}, not ${leaseMs}`);
  }
  const held = await log.join(membership(topic, request), { process, leaseMs, fromLatest });
  return { case: 'held', value: { partitions: [...held] } };
}

async function fetch({ log, room }: DoLog, topic: string, { wanted, recordsMax }: Fetch, signal: AbortSignal): Promise<OutcomeInit> {
  if (wanted.length > PARTITIONS_MAX) throw new KvFault('KV_BAD_REQUEST', `wanted: at most ${PARTITIONS_MAX} partitions at once`);
  if (recordsMax < 1 || recordsMax > RECORDS_PER_FETCH_MAX)
    throw new KvFault('KV_BAD_REQUEST', `recordsMax must be from 1 to ${RECORDS_PER_FETCH_MAX}`);
  await room.enter(FETCH_BYTES, signal);
  try {
    const from = wanted.map(({ partition, offset }) => ({ partition, from: offset }));
    const found = await log.fetch(topic, from, recordsMax);
    return { case: 'fetched', value: { partitions: found.map((records) => ({ records: records.map(recordMessage) })) } };
  } finally {
    room.leave(FETCH_BYTES);
  }
}

function membership(topic: string, { group, member }: { group: string; member: string }): { topic: string; group: string; member: string } {
  checkGroup(group);
  checkText('member', member);
  return { topic, group, member };
}

function checkText(what: string, text: string): void {
  if (text.length >= 1 && text.length <= NAME_CHARACTERS_MAX) return;
  throw new KvFault('KV_BAD_REQUEST', `${what} must have 1 to ${NAME_CHARACTERS_MAX} characters, not ${text.length}`);
}

function recordFrom({ key, type, value, origin }: Publish_Record): {
  key: string;
  type: string;
  value: Uint8Array;
  origin?: { stream: string; sequence: number };
} {
  return { key, type, value, ...(origin === undefined ? {} : { origin: { stream: origin.stream, sequence: origin.sequence } }) };
}

function recordMessage({ key, type, value, origin, offset, recordedAtMs }: LogRecord): MessageInitShape<typeof Fetched_RecordSchema> {
  return { key, type, value, offset, recordedAtMs, ...(origin === undefined ? {} : { origin }) };
}
