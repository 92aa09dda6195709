import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { KvFault } from '@bioscope/kv';
import type { KvCallOptions, KvStore, Subscription } from '@bioscope/kv';
import type { Rpc } from '@bioscope/rpc';
import { KvOperationSchema, KvOutcomeSchema, KvService } from '../../contract/index.ts';
import type { KvOutcome } from '../../contract/index.ts';
import { kvFaultFrom } from '../domain/faults.ts';
import { createLane } from './lane.ts';
import type { Lane } from './lane.ts';
import { ANSWER_BYTES_MAX, READ_REQUESTS_MAX, READS_PER_REQUEST_MAX, WRITE_REQUESTS_MAX, WRITES_PER_REQUEST_MAX } from './limits.ts';
import { remoteItems } from './remote-items.ts';
import { remoteRegisters } from './remote-registers.ts';
import { remoteStreams } from './remote-streams.ts';

/**
 * The key-value port of the store that the unit `storage` holds. `rpc` is bound to the unit that calls. A write whose fate is not known is
 * sent again with its token or command id until the call's deadline (10 s unless told otherwise, at most 60 s), so that a storage which is
 * started anew costs time and no call; subscriptions outlive it. Rejects with `KvFault`.
 */
export function remoteKv({ rpc }: { rpc: Rpc }): KvStore {
  const client = rpc.client(KvService, { answerBytesMax: ANSWER_BYTES_MAX });
  const ask: Parameters<typeof createLane>[0]['ask'] = async (operations, how) => (await client.do({ operations }, how)).outcomes;
  // Apart, so that a read does not wait for somebody else's fsync.
  const reads = createLane({ ask, requestsMax: READ_REQUESTS_MAX, operationsMax: READS_PER_REQUEST_MAX });
  const writes = createLane({ ask, requestsMax: WRITE_REQUESTS_MAX, operationsMax: WRITES_PER_REQUEST_MAX });
  const subscriptions = new Set<Subscription>();
  let closing: Promise<void> | null = null;

  const calls: KvCalls = { read: through(reads), write: through(writes) };

  function keep(subscription: Subscription): void {
    subscriptions.add(subscription);
    const forget = (): void => void subscriptions.delete(subscription);
    subscription.ended.then(forget, forget);
  }

  async function close(): Promise<void> {
    // A handler may be waiting for this very store: it is not waited for, its next call fails with KV_CLOSED.
    for (const subscription of subscriptions) void subscription.close();
    await Promise.all([reads.close(), writes.close()]);
  }

  return {
    items: remoteItems(calls),
    registers: remoteRegisters(calls),
    streams: remoteStreams(calls, {
      follow: (request, how) => client.follow(request, how),
      isClosed: () => closing !== null,
      keep,
    }),
    close: () => (closing ??= close()),
  };
}

export type KvOperationInit = MessageInitShape<typeof KvOperationSchema>;
type Outcomes = Exclude<KvOutcome['is'], { case: undefined } | { case: 'fault' }>;

/** One operation there and back: `expect` is the kind of outcome that it has. */
type KvCall = <C extends Outcomes['case']>(
  operation: KvOperationInit,
  expect: C,
  options: KvCallOptions | undefined,
) => Promise<Extract<Outcomes, { case: C }>['value']>;
export type KvCalls = { readonly read: KvCall; readonly write: KvCall };

function through(lane: Lane): KvCall {
  return async (operation, expect, options) => {
    // Written down before this returns for the first time: the caller may change its buffers afterwards.
    const bytes = toBinary(KvOperationSchema, create(KvOperationSchema, operation));
    const answer = await lane.call(bytes, { ...options, repeatable: true });
    const { is } = readOutcome(answer);
    if (is.case === 'fault') throw kvFaultFrom(is.value);
    if (is.case !== expect)
      throw new KvFault('KV_UNAVAILABLE', `the storage answered with ${is.case ?? 'nothing known'}, not with ${expect}`);
    // The two cases are the same, which the compiler cannot follow.
    return is.value as never;
  };
}

function readOutcome(answer: Uint8Array): KvOutcome {
  try {
    return fromBinary(KvOutcomeSchema, answer);
  } catch (cause) {
    throw new KvFault('KV_UNAVAILABLE', 'the answer could not be read', { cause });
  }
}
