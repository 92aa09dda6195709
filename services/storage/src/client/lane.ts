import { KvFault } from '@bioscope/kv';
import type { KvCallOptions } from '@bioscope/kv';
import { createRetryBudget, RpcError } from '@bioscope/rpc';
import { asKvFault } from '../domain/faults.ts';

/** A way to the storage for many small operations. */
export type Lane = {
  /** Resolves with the outcome as it came. Rejects with `KvFault` at the deadline or when the signal aborts, whatever the storage does. */
  call(operation: Uint8Array, how: LaneCall): Promise<Uint8Array>;
  /** Takes no more; resolves once nothing waits, which the deadlines bound. */
  close(): Promise<void>;
};

export type LaneCall = KvCallOptions & {
  /** May be sent again when its outcome is unknown. */
  readonly repeatable: boolean;
};

export type LaneParts = {
  /** Carries out operations, each with an outcome; an empty one is to be sent again. */
  readonly ask: (operations: Uint8Array[], how: { deadlineMs: number; signal: AbortSignal }) => Promise<readonly Uint8Array[]>;
  /** Requests at once. */
  readonly requestsMax: number;
  /** Operations in one request. */
  readonly operationsMax: number;
};

type Waiting = {
  readonly operation: Uint8Array;
  readonly repeatable: boolean;
  readonly endsAtMs: number;
  readonly settle: (outcome: Uint8Array | KvFault) => void;
  isSettled: boolean;
  /** Told when the call settles while it is under way. */
  onSettled: (() => void) | undefined;
};

/** As the embedded engine's. */
const DEADLINE_MS_DEFAULT = 10_000;
/** What RPC allows. */
const DEADLINE_MS_MAX = 60_000;
/** As the embedded engine's: failing at once beats failing at the deadline. */
const CALLS_WAITING_MAX = 20_000;
const BYTES_WAITING_MAX = 256 * 1024 * 1024;
/** Beyond it waiting together costs the small ones more than a request of their own would. A larger operation travels alone. */
const BYTES_PER_REQUEST_MAX = 256 * 1024;
const PAUSE_MS = 50;
/** A storage that comes back is noticed within this. */
const PAUSE_MS_MAX = 500;

/**
 * Calls of one tick share a request, and so do those that come while `requestsMax` requests are under way: the busier, the larger. While the
 * storage does not answer, one request at a time asks for it, within a retry budget, and the others wait.
 */
export function createLane({ ask, requestsMax, operationsMax }: LaneParts): Lane {
  const budget = createRetryBudget(() => performance.now());
  let queue: Waiting[] = [];
  let calls = 0;
  let bytes = 0;
  let requests = 0;
  let failures = 0;
  let scheduled = false;
  let closed = false;
  let idlers: (() => void)[] = [];

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    // After all callbacks of this tick: those who were answered together ask again together.
    process.nextTick(() => {
      scheduled = false;
      pump();
    });
  }

  function pump(): void {
    while (requests < (failures === 0 ? requestsMax : 1)) {
      const batch = take();
      if (batch.length === 0) return;
      requests += 1;
      void send(batch).finally(() => {
        requests -= 1;
        pump();
      });
    }
  }

  function take(): Waiting[] {
    const batch: Waiting[] = [];
    let batchBytes = 0;
    let seen = 0;
    for (const waiting of queue) {
      if (!waiting.isSettled) {
        batchBytes += waiting.operation.length;
        if (batch.length > 0 && (batch.length >= operationsMax || batchBytes > BYTES_PER_REQUEST_MAX)) break;
        batch.push(waiting);
      }
      seen += 1;
    }
    queue = queue.slice(seen);
    return batch;
  }

  async function send(batch: readonly Waiting[]): Promise<void> {
    const abandoned = new AbortController();
    let left = batch.length;
    for (const waiting of batch) {
      waiting.onSettled = () => {
        left -= 1;
        if (left === 0) abandoned.abort();
      };
    }
    const deadlineMs = Math.max(1, Math.max(...batch.map(({ endsAtMs }) => endsAtMs)) - performance.now());
    budget.called();
    try {
      const operations = batch.map(({ operation }) => operation);
      const outcomes = await ask(operations, { deadlineMs, signal: abandoned.signal });
      failures = 0;
      distribute(batch, outcomes);
    } catch (error) {
      if (!abandoned.signal.aborted) await failed(batch, error);
    } finally {
      for (const waiting of batch) waiting.onSettled = undefined;
    }
  }

  function distribute(batch: readonly Waiting[], outcomes: readonly Uint8Array[]): void {
    const again: Waiting[] = [];
    batch.forEach((waiting, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined || (outcome.length === 0 && index === 0)) {
        waiting.settle(new KvFault('KV_UNAVAILABLE', 'the storage left an operation unanswered'));
      } else if (outcome.length === 0) {
        again.push(waiting);
      } else {
        waiting.settle(outcome);
      }
    });
    if (again.length > 0) queue = [...again, ...queue];
  }

  /** The place is held through the pause: what waits behind must not try in turn what just failed. */
  async function failed(batch: readonly Waiting[], error: unknown): Promise<void> {
    const away = error instanceof RpcError && error.code === 'unavailable';
    if (away) failures += 1;
    const mayRepeat = away && budget.spend();
    const surelyNotRun = error instanceof RpcError && error.surelyNotRun;
    const again = batch.filter(({ isSettled, repeatable }) => !isSettled && mayRepeat && (repeatable || surelyNotRun));
    for (const waiting of batch) if (!again.includes(waiting)) waiting.settle(asKvFault(error));
    if (again.length === 0 && queue.length === 0) return;
    queue = [...again, ...queue];
    if (away) await pause(Math.min(PAUSE_MS * 2 ** (failures - 1), PAUSE_MS_MAX));
  }

  return {
    call(operation, { deadlineMs = DEADLINE_MS_DEFAULT, signal, repeatable }) {
      if (closed) return Promise.reject(new KvFault('KV_CLOSED', 'the store is closed'));
      if (signal?.aborted === true) return Promise.reject(gaveUp(signal));
      if (calls >= CALLS_WAITING_MAX || bytes + operation.length > BYTES_WAITING_MAX) {
        return Promise.reject(
          new KvFault('KV_UNAVAILABLE', `the store is overloaded: ${calls} calls of ${bytes} bytes wait; try again later`),
        );
      }
      return new Promise<Uint8Array>((resolve, reject) => {
        const withinMs = Math.min(deadlineMs, DEADLINE_MS_MAX);
        const timer = setTimeout(
          () => waiting.settle(new KvFault('KV_DEADLINE', 'no answer before the deadline; a write may still happen')),
          withinMs,
        );
        const abort = (): void => waiting.settle(gaveUp(signal));
        signal?.addEventListener('abort', abort, { once: true });
        calls += 1;
        bytes += operation.length;
        const settle = (outcome: Uint8Array | KvFault): void => {
          if (waiting.isSettled) return;
          waiting.isSettled = true;
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
          calls -= 1;
          bytes -= operation.length;
          if (outcome instanceof KvFault) reject(outcome);
          else resolve(outcome);
          waiting.onSettled?.();
          if (calls === 0) for (const done of idlers.splice(0)) done();
        };
        const waiting: Waiting = {
          operation,
          repeatable,
          endsAtMs: performance.now() + withinMs,
          settle,
          isSettled: false,
          onSettled: undefined,
        };
        queue.push(waiting);
        schedule();
      });
    },
    close() {
      closed = true;
      return calls === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve));
    },
  };
}

function gaveUp(signal: AbortSignal | undefined): KvFault {
  return new KvFault('KV_DEADLINE', 'the caller gave up; a write may still happen', { cause: signal?.reason });
}

function pause(ms: number): Promise<void> {
  // At random, so that the processes that lost one storage do not come back as one.
  return new Promise((resolve) => setTimeout(resolve, ms * (0.5 + Math.random() / 2)));
}
