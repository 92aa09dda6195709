import { type KvCallOptions, KvFault } from '../port.ts';

/** One call of the port under way. */
export type Call = {
  /** Milliseconds until the deadline; 0 when it is over or the caller gave up. */
  leftMs(): number;
};

export type Calls = {
  /** Rejects with `KV_DEADLINE` at the deadline or when the signal aborts, whatever `work` does; its late end is ignored. */
  run<T>(options: KvCallOptions | undefined, bytes: number, work: (call: Call) => Promise<T>): Promise<T>;
  /** From now on calls fail with `KV_CLOSED`, also those under way. */
  close(): void;
};

/** A class, because there is one for every call: closures in its place cost a tenth of a read. */
class Waiting implements Call {
  readonly endsAt: number;
  readonly bytes: number;
  isOver = false;
  readonly #reject: (fault: unknown) => void;
  readonly #settled: (waiting: Waiting) => void;

  constructor(endsAt: number, bytes: number, reject: (fault: unknown) => void, settled: (waiting: Waiting) => void) {
    this.endsAt = endsAt;
    this.bytes = bytes;
    this.#reject = reject;
    this.#settled = settled;
  }

  leftMs(): number {
    return this.isOver ? 0 : Math.max(0, this.endsAt - performance.now());
  }

  /** False when it was over before. */
  settle(): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.#settled(this);
    return true;
  }

  fail(fault: unknown): void {
    if (this.settle()) this.#reject(fault);
  }
}

/** Deadlines share one timer, armed for the earliest: a timer per call costs more than many a call. */
export function createCalls(): Calls {
  const waiting = new Set<Waiting>();
  let bytesWaiting = 0;
  let timer: NodeJS.Timeout | null = null;
  let timerAt = Infinity;
  let closed = false;

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
    for (const each of waiting) {
      if (each.endsAt <= now) each.fail(new KvFault('KV_DEADLINE', 'no answer before the deadline; a write may still happen'));
      else next = Math.min(next, each.endsAt);
    }
    if (next < Infinity) arm(next);
  }

  function check(bytes: number, signal: AbortSignal | undefined): void {
    if (closed) throw new KvFault('KV_CLOSED', 'the store is closed');
    if (signal?.aborted === true) throw gaveUp(signal);
    if (waiting.size < CALLS_WAITING_MAX && bytesWaiting + bytes <= BYTES_WAITING_MAX) return;
    throw new KvFault('KV_UNAVAILABLE', `the store is overloaded: ${waiting.size} calls of ${bytesWaiting} bytes wait; try again later`);
  }

  function settled(entry: Waiting): void {
    waiting.delete(entry);
    bytesWaiting -= entry.bytes;
  }

  return {
    run(options, bytes, work) {
      const signal = options?.signal;
      check(bytes, signal);
      const endsAt = performance.now() + Math.min(options?.deadlineMs ?? DEADLINE_MS_DEFAULT, DEADLINE_MS_MAX);
      return new Promise((resolve, reject) => {
        const entry = new Waiting(endsAt, bytes, reject, settled);
        waiting.add(entry);
        bytesWaiting += bytes;
        if (endsAt < timerAt) arm(endsAt);
        const done = work(entry).then(
          (value) => {
            if (entry.settle()) resolve(value);
          },
          (error: unknown) => entry.fail(error),
        );
        if (signal !== undefined) listen(signal, entry, done);
      });
    },
    close() {
      closed = true;
      for (const each of waiting) each.fail(new KvFault('KV_CLOSED', 'the store was closed; a write may have happened'));
      if (timer !== null) clearTimeout(timer);
    },
  };
}

function listen(signal: AbortSignal, entry: Waiting, done: Promise<void>): void {
  const onAbort = (): void => entry.fail(gaveUp(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  void done.finally(() => signal.removeEventListener('abort', onAbort));
}

function gaveUp(signal: AbortSignal): KvFault {
  return new KvFault('KV_DEADLINE', 'the caller gave up; a write may still happen', { cause: signal.reason });
}

const DEADLINE_MS_DEFAULT = 10_000;
/** Nobody may wait longer: an append whose intent is older than some minutes is taken for dead and closed out. */
export const DEADLINE_MS_MAX = 60_000;
/** As in the embedded engine: failing at once beats failing at the deadline. */
const CALLS_WAITING_MAX = 20_000;
const BYTES_WAITING_MAX = 256 * 1024 * 1024;
