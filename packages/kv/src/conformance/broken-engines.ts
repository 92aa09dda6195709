import type { KvStore, Registers, Streams, WriteToken } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { newToken } from '../token.ts';

/**
 * Engines with one mistake each, built over a good one. They exist to show that the suite bites: each must fail the checks named with it.
 * The first three are the mistake the registers exist to prevent, a decision taken on something read earlier.
 */
export type BrokenEngine = { readonly mistake: string; readonly failsCheck: RegExp; readonly breakIt: (good: KvStore) => KvStore };

export const BROKEN_ENGINES: readonly BrokenEngine[] = [
  {
    mistake: 'creates a register by reading, then writing',
    failsCheck: /exactly one of a hundred concurrent creators/,
    breakIt: (good) => ({ ...good, registers: { ...good.registers, ...readThenWrite(good) } }),
  },
  {
    mistake: 'compares, then sets',
    failsCheck: /counts correctly when fifty callers/,
    breakIt: (good) => ({ ...good, registers: { ...good.registers, ...readThenWrite(good) } }),
  },
  {
    mistake: 'compares, then sets',
    failsCheck: /register histories that could have happened/,
    breakIt: (good) => ({ ...good, registers: { ...good.registers, ...readThenWrite(good) } }),
  },
  {
    mistake: 'acquires a lease by reading, then writing',
    failsCheck: /gives a lease to one of a hundred/,
    breakIt: (good) => ({ ...good, registers: { ...good.registers, acquireLease: lookThenTake() } }),
  },
  {
    mistake: 'checks the version of a stream, then appends',
    failsCheck: /lets one of many concurrent writers/,
    breakIt: (good) => ({ ...good, streams: { ...good.streams, append: checkThenAppend(good.streams) } }),
  },
  {
    mistake: 'checks the version of a stream, then appends',
    failsCheck: /stream histories that could have happened/,
    breakIt: (good) => ({ ...good, streams: { ...good.streams, append: checkThenAppend(good.streams) } }),
  },
  {
    mistake: 'lets the last arrival win, whatever its token',
    failsCheck: /keeps the item with the greater token/,
    breakIt: (good) => ({
      ...good,
      items: { ...good.items, put: (request, options) => good.items.put({ ...request, token: newToken() }, options) },
    }),
  },
  {
    mistake: 'lets the last arrival win, whatever its token',
    failsCheck: /the state that the tokens dictate/,
    breakIt: (good) => ({
      ...good,
      items: { ...good.items, put: (request, options) => good.items.put({ ...request, token: newToken() }, options) },
    }),
  },
  {
    mistake: 'forgets deletions at once',
    failsCheck: /does not bring deleted items back/,
    breakIt: (good) => ({
      ...good,
      items: { ...good.items, delete: (request, options) => good.items.delete({ ...request, token: EARLY }, options) },
    }),
  },
  {
    mistake: 'does not know a repeated command',
    failsCheck: /answers a repeated command as it did the first time/,
    breakIt: (good) => ({
      ...good,
      registers: {
        ...good.registers,
        create: (request, options) => good.registers.create({ ...request, commandId: newToken().nonce }, options),
      },
    }),
  },
  {
    mistake: 'does not know a repeated append',
    failsCheck: /adds nothing when a command is sent again/,
    breakIt: (good) => ({
      ...good,
      streams: { ...good.streams, append: (request, options) => good.streams.append({ ...request, commandId: newToken().nonce }, options) },
    }),
  },
  {
    mistake: 'gives every holder the same fence',
    failsCheck: /gives an expired lease to the next asker with a greater fence/,
    breakIt: (good) => ({
      ...good,
      registers: {
        ...good.registers,
        acquireLease: async (request, options) => {
          const result = await good.registers.acquireLease(request, options);
          return result.kind === 'held' ? { ...result, fence: 1 } : result;
        },
      },
    }),
  },
  {
    mistake: 'goes on delivering after close',
    failsCheck: /delivers nothing once closed/,
    breakIt: (good) => ({
      ...good,
      streams: {
        ...good.streams,
        subscribe: (request, handler) => ({ ...good.streams.subscribe(request, handler), close: async () => {} }),
      },
    }),
  },
];

const EARLY: WriteToken = { timeUs: 0, nonce: '0'.repeat(32) };

/** A store as people write it who have only get and put: look, decide, write what was decided. */
function readThenWrite({ items }: KvStore): Pick<Registers, 'read' | 'create' | 'compareAndSet' | 'remove'> {
  const keyOf = (name: string): { record: string; select: { kind: 'all' } } => ({ record: `register ${name}`, select: { kind: 'all' } });
  const read: Registers['read'] = async ({ namespace, name }) => {
    const { items: found } = await items.get({ namespace, ...keyOf(name) });
    const [item] = found;
    return item === undefined || item.value.length === 0 ? null : { value: item.value.slice(1), version: Number(utf8(item.key)) };
  };
  const write = async (namespace: string, name: string, version: number, value: Uint8Array): Promise<void> => {
    const { record } = keyOf(name);
    await items.delete({ namespace, record, select: { kind: 'all' }, token: newToken() });
    await items.put({ namespace, record, items: [{ key: bytes(String(version)), value: Uint8Array.of(0, ...value) }], token: newToken() });
  };
  const set = async (
    request: { namespace: string; name: string; expectedVersion: number },
    value: Uint8Array,
  ): ReturnType<Registers['remove']> => {
    const current = await read(request);
    if (current?.version !== request.expectedVersion) return { kind: 'conflict', current };
    await write(request.namespace, request.name, current.version + 1, value);
    return { kind: 'set', version: current.version + 1 };
  };
  return {
    read,
    async create(request) {
      const current = await read(request);
      if (current !== null) return { kind: 'exists', current };
      await write(request.namespace, request.name, 1, request.value);
      return { kind: 'created', version: 1 };
    },
    compareAndSet: (request) => set(request, request.value),
    remove: (request) => set(request, new Uint8Array()),
  };
}

function lookThenTake(): Registers['acquireLease'] {
  const leases = new Map<string, { holder: string; fence: number; expiresAtMs: number }>();
  return async ({ namespace, name, holder, ttlMs }) => {
    const current = leases.get(`${namespace} ${name}`);
    await new Promise((resolve) => setImmediate(resolve));
    if (current !== undefined && current.expiresAtMs > Date.now() && current.holder !== holder) return { kind: 'taken', ...current };
    const taken = { holder, fence: (current?.fence ?? 0) + 1, expiresAtMs: Date.now() + ttlMs };
    leases.set(`${namespace} ${name}`, taken);
    return { kind: 'held', ...taken };
  };
}

function checkThenAppend(streams: Streams): Streams['append'] {
  return async (request, options) => {
    const { version } = await streams.read({ ...request, eventsMax: 1 });
    if (version !== request.expectedVersion) return { kind: 'conflict', version };
    for (let head = version; ;) {
      const result = await streams.append({ ...request, expectedVersion: head }, options);
      if (result.kind === 'appended') return result;
      head = result.version;
    }
  };
}
