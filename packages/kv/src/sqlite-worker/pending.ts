import { KvFault, type KvCallOptions } from '../port.ts';
import type { Unpacker } from './packing.ts';

export type PendingCalls = {
  /** Registers a call; `decode` reads its answer. Rejects at the deadline or when the signal aborts, whatever the thread does. */
  add<T>(bytes: number, options: KvCallOptions | undefined, decode: (answer: Unpacker) => T): { id: number; result: Promise<T> };
  answered(id: number, answer: Unpacker): void;
  failed(id: number, fault: KvFault): void;
  failAll(fault: KvFault): void;
  /** Resolves once no call waits. */
  idle(): Promise<void>;
  readonly size: number;
};

type Call = {
  readonly resolve: (value: never) => void;
  readonly reject: (fault: KvFault) => void;
  readonly decode: (answer: Unpacker) => unknown;
  readonly bytes: number;
  readonly endsAt: number;
  readonly forget: (() => void) | null;
};

/**
 * Calls sent to a thread and not yet answered. Deadlines share one timer that is armed for the earliest: a timer per call would cost more
 * than the call.
 */
export function createPendingCalls(deadlineMsDefault: number): PendingCalls {
  const calls = new Map<number, Call>();
  let lastId = 0;
  let bytesWaiting = 0;
  let timer: NodeJS.Timeout | null = null;
  let timerAt = Infinity;
  let idlers: (() => void)[] = [];

  function add<T>(bytes: number, options: KvCallOptions | undefined, decode: (answer: Unpacker) => T): { id: number; result: Promise<T> } {
    refuseWhenFull(bytes);
    const signal = options?.signal;
    if (signal?.aborted === true) throw gaveUp(signal);
    const id = nextId();
    const endsAt = performance.now() + (options?.deadlineMs ?? deadlineMsDefault);
    const result = new Promise<T>((resolve, reject) => {
      const forget = signal === undefined ? null : listen(signal, () => failed(id, gaveUp(signal)));
      calls.set(id, { resolve, reject, decode, bytes, endsAt, forget });
    });
    bytesWaiting += bytes;
    if (endsAt < timerAt) arm(endsAt);
    return { id, result };
  }

  function refuseWhenFull(bytes: number): void {
    if (calls.size < CALLS_WAITING_MAX && bytesWaiting + bytes <= BYTES_WAITING_MAX) return;
    throw new KvFault('KV_UNAVAILABLE', `the store is overloaded: ${calls.size} calls of ${bytesWaiting} bytes wait; try again later`);
  }

  function nextId(): number {
    do lastId = (lastId % 0xffff_ffff) + 1;
    while (calls.has(lastId));
    return lastId;
  }

  function take(id: number): Call | undefined {
    const call = calls.get(id);
    if (call === undefined) return undefined;
    calls.delete(id);
    bytesWaiting -= call.bytes;
    call.forget?.();
    if (calls.size === 0) settleIdle();
    return call;
  }

  function settleIdle(): void {
    for (const resolve of idlers) resolve();
    idlers = [];
  }

  function failed(id: number, fault: KvFault): void {
    take(id)?.reject(fault);
  }

  function arm(at: number): void {
    if (timer !== null) clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(expire, Math.max(1, at - performance.now()));
    timer.unref();
  }

  function expire(): void {
    timer = null;
    timerAt = Infinity;
    const now = performance.now();
    let next = Infinity;
    for (const [id, call] of calls) {
      if (call.endsAt <= now) failed(id, new KvFault('KV_DEADLINE', 'no answer before the deadline; a write may still happen'));
      else next = Math.min(next, call.endsAt);
    }
    if (next < Infinity) arm(next);
  }

  return {
    add,
    answered(id, answer) {
      const call = take(id);
      if (call === undefined) return;
      try {
        call.resolve(call.decode(answer) as never);
      } catch (error) {
        call.reject(new KvFault('KV_UNAVAILABLE', 'the answer could not be read', { cause: error }));
      }
    },
    failed,
    failAll(fault) {
      for (const id of calls.keys()) failed(id, fault);
    },
    idle: () => (calls.size === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
    get size() {
      return calls.size;
    },
  };
}

function listen(signal: AbortSignal, onAbort: () => void): () => void {
  signal.addEventListener('abort', onAbort, { once: true });
  return () => signal.removeEventListener('abort', onAbort);
}

function gaveUp(signal: AbortSignal): KvFault {
  return new KvFault('KV_DEADLINE', 'the caller gave up; a write may still happen', { cause: signal.reason });
}

/** More waiting calls than this means that the disk is far behind: failing at once beats failing at the deadline. */
const CALLS_WAITING_MAX = 20_000;
/** What may wait in memory; four times the largest single put. */
const BYTES_WAITING_MAX = 256 * 1024 * 1024;
