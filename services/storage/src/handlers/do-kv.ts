import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { KvFault, LIMITS } from '@bioscope/kv';
import type { KvCallOptions, KvStore } from '@bioscope/kv';
import type { Handlers } from '@bioscope/rpc';
import { KvOperationSchema, KvOutcomeSchema } from '../../contract/index.ts';
import type { KvOperation, KvService } from '../../contract/index.ts';
import { pageFrom, selectionFrom, tokenFrom } from '../domain/kv-messages.ts';
import { appendedOutcome, changedOutcome, createdOutcome, heldOutcome, itemOutcome, renewedOutcome } from '../domain/kv-outcomes.ts';
import type { OutcomeInit } from '../domain/kv-outcomes.ts';
import type { ReadRoom } from '../domain/read-room.ts';
import { answerBatch } from './answer-batch.ts';

type DoKv = { readonly kv: Pick<KvStore, 'items' | 'registers' | 'streams'>; readonly room: ReadRoom };

export function doKv(parts: DoKv): Handlers<typeof KvService>['do'] {
  return async ({ operations }, { signal }) => ({
    outcomes: await answerBatch(operations, {
      async perform(bytes) {
        return written(await perform(parts, readOperation(bytes), { signal }));
      },
      faulted: (fault) => written({ case: 'fault', value: fault }),
    }),
  });
}

function written(is: OutcomeInit): Uint8Array {
  return toBinary(KvOutcomeSchema, create(KvOutcomeSchema, { is }));
}

function readOperation(bytes: Uint8Array): KvOperation {
  try {
    return fromBinary(KvOperationSchema, bytes);
  } catch (cause) {
    throw new KvFault('KV_BAD_REQUEST', 'the operation is not a KvOperation', { cause });
  }
}

async function perform(
  { kv, room }: DoKv,
  { namespace, does }: KvOperation,
  options: KvCallOptions & { signal: AbortSignal },
): Promise<OutcomeInit> {
  const { items, registers, streams } = kv;
  switch (does.case) {
    case 'putItems': {
      const { record, token } = does.value;
      const writes = does.value.items.map(({ key, value, ttlMs }) => ({ key, value, ...(ttlMs === undefined ? {} : { ttlMs }) }));
      await items.put({ namespace, record, items: writes, token: tokenFrom(token) }, options);
      return DONE;
    }
    case 'deleteItems': {
      const { record, select, token } = does.value;
      await items.delete({ namespace, record, select: selectionFrom(select), token: tokenFrom(token) }, options);
      return DONE;
    }
    case 'getItems': {
      const { record, select } = does.value;
      const page = pageFrom(does.value.page);
      const request = { namespace, record, select: selectionFrom(select), page };
      return within(room, pageBytes(page), options.signal, async () => itemOutcome(await items.get(request, options)));
    }
    case 'scanItems': {
      const page = pageFrom(does.value.page);
      return within(room, pageBytes(page), options.signal, async () => itemOutcome(await items.scan({ namespace, page }, options)));
    }
    case 'readRegister': {
      const current = await registers.read({ namespace, name: does.value.name }, options);
      return { case: 'register', value: current === null ? {} : { current } };
    }
    case 'createRegister':
      return createdOutcome(await registers.create({ namespace, ...does.value }, options));
    case 'setRegister':
      return changedOutcome(await registers.compareAndSet({ namespace, ...does.value }, options));
    case 'removeRegister':
      return changedOutcome(await registers.remove({ namespace, ...does.value }, options));
    case 'acquireLease':
      return heldOutcome(await registers.acquireLease({ namespace, ...does.value }, options));
    case 'renewLease':
      return renewedOutcome(await registers.renewLease({ namespace, ...does.value }, options), does.value.fence);
    case 'releaseLease':
      await registers.releaseLease({ namespace, ...does.value }, options);
      return DONE;
    case 'appendEvents':
      return appendedOutcome(await streams.append({ namespace, ...does.value }, options));
    case 'readEvents': {
      const { stream, after, eventsMax } = does.value;
      const limits = { ...(after === undefined ? {} : { after }), ...(eventsMax === undefined ? {} : { eventsMax }) };
      return within(room, EVENTS_BYTES, options.signal, async () => {
        const found = await streams.read({ namespace, stream, ...limits }, options);
        return { case: 'events', value: { events: [...found.events], version: found.version } };
      });
    }
    case undefined:
      throw new KvFault('KV_BAD_REQUEST', 'the operation does nothing that this storage knows');
    default:
      return does satisfies never;
  }
}

const DONE: OutcomeInit = { case: 'done', value: {} };
/** What the embedded engine answers at most, give or take an event. */
const EVENTS_BYTES = 8 * 1024 * 1024;
/** Names and tokens beside the page's keys and values. */
const PAGE_EXTRA_BYTES = 256 * 1024;

function pageBytes({ bytesMax = LIMITS.pageBytesDefault }: { bytesMax?: number }): number {
  return Math.min(Math.max(0, bytesMax || 0), LIMITS.pageBytesMax) + PAGE_EXTRA_BYTES;
}

async function within(room: ReadRoom, bytes: number, signal: AbortSignal, read: () => Promise<OutcomeInit>): Promise<OutcomeInit> {
  await room.enter(bytes, signal);
  try {
    return await read();
  } finally {
    room.leave(bytes);
  }
}
