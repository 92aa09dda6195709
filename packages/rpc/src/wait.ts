import { setTimeout as sleep } from 'node:timers/promises';
import { RpcError } from './error.ts';
import type { CallOptions } from './port.ts';

const DEADLINE_MS = 2_000;
const NO_SIGNALS: readonly AbortSignal[] = [];

/** How long a caller waits for its call, all attempts together: until its deadline, that of the request it serves, or its own change of mind. */
export class Wait {
  /** Wall clock. */
  readonly deadlineAtMs: number;
  /** Why it is over; undefined while the caller waits. */
  over: RpcError | undefined;
  /** Called when it is over; one at a time. */
  onOver: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #signals: readonly AbortSignal[];

  constructor(options: CallOptions) {
    const nowMs = Date.now();
    this.deadlineAtMs = Math.min(nowMs + (options.deadlineMs ?? DEADLINE_MS), options.within?.deadlineAtMs ?? Infinity);
    // The error is made only when it is needed: its stack trace would cost a tenth of a call.
    this.#timer = setTimeout(() => this.#expire(), Math.max(0, this.deadlineAtMs - nowMs));
    this.#signals = signalsOf(options);
    for (const signal of this.#signals) {
      if (signal.aborted) this.#cancel();
      else signal.addEventListener('abort', this.#cancel, { once: true });
    }
    if (this.deadlineAtMs <= nowMs) this.#expire();
  }

  end(): void {
    clearTimeout(this.#timer);
    for (const signal of this.#signals) signal.removeEventListener('abort', this.#cancel);
  }

  /** Ends early when the wait is over. */
  async pause(ms: number): Promise<void> {
    const stop = new AbortController();
    this.onOver = () => stop.abort();
    await sleep(ms, undefined, { signal: stop.signal }).catch(() => undefined);
    this.onOver = undefined;
  }

  #stop(because: RpcError): void {
    this.over ??= because;
    this.onOver?.();
  }

  #expire(): void {
    this.#stop(new RpcError('deadline_exceeded', 'the deadline passed before an answer came'));
  }

  readonly #cancel = (): void => {
    this.#stop(new RpcError('canceled', 'the caller cancelled the call'));
  };
}

function signalsOf({ signal, within }: CallOptions): readonly AbortSignal[] {
  if (within === undefined) return signal === undefined ? NO_SIGNALS : [signal];
  return signal === undefined ? [within.signal] : [signal, within.signal];
}
