import { KvFault } from '@bioscope/kv';
import type { KvCallOptions, KvStore } from '@bioscope/kv';
import type { Faults } from './faults.ts';
import { underStrike } from './under-strike.ts';
import type { StoreTrouble } from './under-strike.ts';

/** For calls that state none: as long as the engines' own. */
const DEADLINE_MS = 5_000;

/** The store, slow, silent, down or full as the rules say. Subscriptions go on: a store that is silent to them is one that has no news. */
export function faultyKv(kv: KvStore, faults: Faults): KvStore {
  const { items, registers, streams } = kv;
  return {
    items: {
      put: (request, options) => suffer(faults, 'items.put', true, request, options, () => items.put(request, options)),
      get: (request, options) => suffer(faults, 'items.get', false, request, options, () => items.get(request, options)),
      delete: (request, options) => suffer(faults, 'items.delete', true, request, options, () => items.delete(request, options)),
      scan: (request, options) => suffer(faults, 'items.scan', false, request, options, () => items.scan(request, options)),
    },
    registers: {
      read: (request, options) => suffer(faults, 'registers.read', false, request, options, () => registers.read(request, options)),
      create: (request, options) => suffer(faults, 'registers.create', true, request, options, () => registers.create(request, options)),
      compareAndSet: (request, options) =>
        suffer(faults, 'registers.compareAndSet', true, request, options, () => registers.compareAndSet(request, options)),
      remove: (request, options) => suffer(faults, 'registers.remove', true, request, options, () => registers.remove(request, options)),
      acquireLease: (request, options) =>
        suffer(faults, 'registers.acquireLease', true, request, options, () => registers.acquireLease(request, options)),
      renewLease: (request, options) =>
        suffer(faults, 'registers.renewLease', true, request, options, () => registers.renewLease(request, options)),
      releaseLease: (request, options) =>
        suffer(faults, 'registers.releaseLease', true, request, options, () => registers.releaseLease(request, options)),
    },
    streams: {
      append: (request, options) => suffer(faults, 'streams.append', true, request, options, () => streams.append(request, options)),
      read: (request, options) => suffer(faults, 'streams.read', false, request, options, () => streams.read(request, options)),
      subscribe: (request, handler) => streams.subscribe(request, handler),
    },
    close: () => kv.close(),
  };
}

function suffer<T>(
  faults: Faults,
  method: string,
  isWrite: boolean,
  { namespace }: { readonly namespace: string },
  options: KvCallOptions | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const deadlineMs = options?.deadlineMs ?? DEADLINE_MS;
  return underStrike(faults, { callee: 'kv', caller: namespace, method, isWrite, deadlineMs, run, fault });
}

const CODES = { unavailable: 'KV_UNAVAILABLE', deadline: 'KV_DEADLINE', full: 'KV_NO_SPACE' } as const;

function fault(trouble: StoreTrouble): KvFault {
  return new KvFault(CODES[trouble], 'a fault on purpose');
}
