import { KvFault, type KvStore } from '@bioscope/kv';

/** A store whose process dies after a number of writes: the last is done, but its answer and all that would follow are lost. */
export type DyingKv = { readonly kv: KvStore; dieAfter(writes: number): void };

export function dyingKv(kv: KvStore): DyingKv {
  let writesLeft = Number.POSITIVE_INFINITY;
  const dead = (): KvFault => new KvFault('KV_UNAVAILABLE', 'the process is dead');

  async function write<T>(call: () => Promise<T>): Promise<T> {
    if (writesLeft <= 0) throw dead();
    writesLeft -= 1;
    const answer = await call();
    if (writesLeft > 0) return answer;
    throw dead();
  }
  async function read<T>(call: () => Promise<T>): Promise<T> {
    if (writesLeft <= 0) throw dead();
    return await call();
  }

  const { items, registers, streams } = kv;
  return {
    dieAfter(writes) {
      writesLeft = writes;
    },
    kv: {
      close: () => kv.close(),
      items: {
        put: (...call) => write(() => items.put(...call)),
        delete: (...call) => write(() => items.delete(...call)),
        get: (...call) => read(() => items.get(...call)),
        scan: (...call) => read(() => items.scan(...call)),
      },
      registers: {
        ...registers,
        read: (...call) => read(() => registers.read(...call)),
        create: (...call) => write(() => registers.create(...call)),
        compareAndSet: (...call) => write(() => registers.compareAndSet(...call)),
        remove: (...call) => write(() => registers.remove(...call)),
      },
      streams: {
        append: (...call) => write(() => streams.append(...call)),
        read: (...call) => read(() => streams.read(...call)),
        subscribe: (request, handler) => streams.subscribe(request, handler),
      },
    },
  };
}
