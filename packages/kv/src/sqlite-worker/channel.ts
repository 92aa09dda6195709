import { Worker } from 'node:worker_threads';
import { KvFault, type KvCallOptions, type KvFaultCode, KV_FAULTS } from '../port.ts';
import { frameEnd, NOTICE_ID, packRequest, STATUS } from './frames.ts';
import { Packer, Unpacker } from './packing.ts';
import { createPendingCalls } from './pending.ts';
import type { Greeting, ThreadData } from './serve.ts';

/** One thread, seen from the main thread. */
export type Channel = {
  /**
   * Sends one operation. Calls of the same tick travel together. `pack` runs before this returns, so the caller may change its buffers
   * afterwards; when it throws, nothing is sent.
   */
  call<T>(request: ChannelRequest<T>): Promise<T>;
  /** Takes no more calls. */
  refuse(): void;
  /** Refuses, lets the calls under way finish, then ends the thread. */
  close(): Promise<void>;
};

type ChannelRequest<T> = {
  readonly operation: number;
  readonly nowMs: number;
  /** About how much `pack` will write, for the bound on what may wait. */
  readonly bytes: number;
  readonly options: KvCallOptions | undefined;
  readonly pack: (packer: Packer) => void;
  readonly decode: (answer: Unpacker) => T;
};

/** A thread that has loaded its program and waits to be told to open the file. */
export type Thread = {
  /** Opens the file; rejects, and ends the thread, when that fails. */
  open(onNotice: (notice: Unpacker) => void): Promise<Channel>;
  abandon(): Promise<void>;
};

/** Loading takes most of the time a thread needs to start, so threads are started together and open one after the other. */
export function startThread(data: ThreadData): Thread {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: data, name: `sqlite-${data.mode}`, execArgv: [] });
  const failure = new Promise<never>((_, reject) => {
    worker.once('error', (cause) => reject(new KvFault('KV_UNAVAILABLE', 'the database thread failed to start', { cause })));
    worker.once('exit', () => reject(new KvFault('KV_UNAVAILABLE', 'the database thread ended while it started')));
  });
  // It may fail before anybody waits, and after everybody has stopped waiting.
  failure.catch(() => {});
  return {
    async open(onNotice) {
      worker.postMessage('open', []);
      await Promise.race([greeting(worker), failure]);
      return channelOf(worker, onNotice);
    },
    async abandon() {
      await worker.terminate();
    },
  };
}

function greeting(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.once('message', (greeting: Greeting) => {
      if (greeting.kind === 'ready') resolve();
      else reject(new KvFault(knownCode(greeting.code), greeting.message));
    });
  });
}

function channelOf(worker: Worker, onNotice: (notice: Unpacker) => void): Channel {
  const pending = createPendingCalls(DEADLINE_MS_DEFAULT);
  const outgoing = new Packer();
  let waiting = 0;
  let flushing = false;
  let refusal: KvFault | null = null;
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      fail(new KvFault('KV_UNAVAILABLE', 'the database thread has ended'));
      resolve();
    });
  });

  function fail(fault: KvFault): void {
    refusal ??= fault;
    pending.failAll(fault);
  }

  function refuse(): void {
    refusal ??= new KvFault('KV_CLOSED', 'the store is closed');
    flush();
  }

  function flush(): void {
    flushing = false;
    waiting = 0;
    if (outgoing.length === 0) return;
    const message = outgoing.take();
    worker.postMessage(message, [message]);
  }

  worker.on('error', (cause) => fail(new KvFault('KV_UNAVAILABLE', 'the database thread failed', { cause })));
  worker.on('message', (message: ArrayBuffer) => {
    const unpacker = new Unpacker(message);
    while (!unpacker.done) {
      const end = frameEnd(unpacker);
      const id = unpacker.u32();
      const status = unpacker.u8();
      if (id === NOTICE_ID) onNotice(unpacker);
      else if (status === STATUS.ok) pending.answered(id, unpacker);
      else pending.failed(id, new KvFault(knownCode(unpacker.text()), unpacker.text()));
      unpacker.seek(end);
    }
  });

  return {
    async call({ operation, nowMs, bytes, options, pack, decode }) {
      if (refusal !== null) throw refusal;
      const { id, result } = pending.add(bytes, options, decode);
      try {
        packRequest(outgoing, { id, operation, nowMs }, pack);
      } catch (cause) {
        pending.failed(id, new KvFault('KV_BAD_REQUEST', 'the request could not be packed', { cause }));
        return result;
      }
      waiting += 1;
      if (waiting >= CALLS_PER_MESSAGE_MAX || outgoing.length >= BYTES_PER_MESSAGE_MAX) flush();
      else if (!flushing) {
        flushing = true;
        // After all callbacks of this tick: those who were answered together ask again together.
        process.nextTick(flush);
      }
      return result;
    },
    refuse,
    async close() {
      refuse();
      await pending.idle();
      worker.postMessage('close', []);
      await ended;
    },
  };
}

function knownCode(code: string): KvFaultCode {
  return Object.hasOwn(KV_FAULTS, code) ? (code as KvFaultCode) : 'KV_UNAVAILABLE';
}

/** Long enough for a slow disk with a full queue, short enough that a stuck one is noticed by a person waiting. */
const DEADLINE_MS_DEFAULT = 10_000;
/** One message is at most one transaction's worth; with more waiting, the first are already being written. */
const CALLS_PER_MESSAGE_MAX = 512;
const BYTES_PER_MESSAGE_MAX = 4 * 1024 * 1024;
