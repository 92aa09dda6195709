import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { KvFault } from '@bioscope/kv';
import type { Log, LogRecordData } from '@bioscope/log';
import { checkRecords, checkTopic, openSubscribers, processIdentity } from '@bioscope/log/groups';
import type { Rpc } from '@bioscope/rpc';
import { LogOperationSchema, LogOutcomeSchema, LogService } from '../../contract/index.ts';
import type { LogOutcome } from '../../contract/index.ts';
import { kvFaultFrom } from '../domain/faults.ts';
import { followNews } from './follow-news.ts';
import { createLane } from './lane.ts';
import type { Lane, LaneCall } from './lane.ts';
import { ANSWER_BYTES_MAX, READ_REQUESTS_MAX, READS_PER_REQUEST_MAX, WRITE_REQUESTS_MAX, WRITES_PER_REQUEST_MAX } from './limits.ts';
import { remoteGroupEngine } from './remote-group-engine.ts';

/**
 * The log that the unit `storage` holds; the members of its groups run here. `rpc` is bound to the unit that calls. A publication whose fate is
 * not known is sent again only when each of its records has an origin, by which its repetition is known; else it rejects and the caller decides.
 * When this process ends, however it ends, what its members held is taken over by others within seconds.
 */
export function remoteLog({ rpc }: { rpc: Rpc }): Log {
  const client = rpc.client(LogService, { answerBytesMax: ANSWER_BYTES_MAX });
  const ask: Parameters<typeof createLane>[0]['ask'] = async (operations, how) => (await client.do({ operations }, how)).outcomes;
  const reads = createLane({ ask, requestsMax: READ_REQUESTS_MAX, operationsMax: READS_PER_REQUEST_MAX });
  const writes = createLane({ ask, requestsMax: WRITE_REQUESTS_MAX, operationsMax: WRITES_PER_REQUEST_MAX });
  const calls: LogCalls = { read: through(reads), write: through(writes) };
  const subscribers = openSubscribers({
    engine: remoteGroupEngine(calls),
    process: processIdentity(),
    topicsChanged: () => news.topicsChanged(),
  });
  const news = followNews({
    topics: () => subscribers.topics(),
    tell: (each) => subscribers.tell(each),
    next: async (known, waitMs, how) => (await client.awaitNews({ known: [...known], waitMs }, how)).news,
  });
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    await subscribers.close();
    await Promise.all([news.close(), reads.close(), writes.close()]);
  }

  return {
    async publish(topic, records) {
      checkTopic(topic);
      checkRecords(records);
      if (records.length === 0) return;
      const repeatable = records.every(({ origin }) => origin !== undefined);
      await calls.write({ topic, does: { case: 'publish', value: { records: records.map(recordMessage) } } }, 'done', { repeatable });
    },
    subscribe: subscribers.subscribe,
    close: () => (closing ??= close()),
  };
}

export type LogOperationInit = MessageInitShape<typeof LogOperationSchema>;
type Outcomes = Exclude<LogOutcome['is'], { case: undefined } | { case: 'fault' }>;
type LogCall = <C extends Outcomes['case']>(
  operation: LogOperationInit,
  expect: C,
  how: LaneCall,
) => Promise<Extract<Outcomes, { case: C }>['value']>;
export type LogCalls = { readonly read: LogCall; readonly write: LogCall };

function through(lane: Lane): LogCall {
  return async (operation, expect, how) => {
    const answer = await lane.call(toBinary(LogOperationSchema, create(LogOperationSchema, operation)), how);
    const { is } = readOutcome(answer);
    if (is.case === 'fault') throw kvFaultFrom(is.value);
    if (is.case !== expect)
      throw new KvFault('KV_UNAVAILABLE', `the storage answered with ${is.case ?? 'nothing known'}, not with ${expect}`);
    // The two cases are the same, which the compiler cannot follow.
    return is.value as never;
  };
}

function readOutcome(answer: Uint8Array): LogOutcome {
  try {
    return fromBinary(LogOutcomeSchema, answer);
  } catch (cause) {
    throw new KvFault('KV_UNAVAILABLE', 'the answer could not be read', { cause });
  }
}

function recordMessage({ key, type, value, origin }: LogRecordData): {
  key: string;
  type: string;
  value: Uint8Array;
  origin?: { stream: string; sequence: number };
} {
  return { key, type, value, ...(origin === undefined ? {} : { origin: { ...origin } }) };
}
