import { bytes, KvFault, type KvStore, newToken, type Register, type StreamEvent, utf8 } from '@bioscope/kv';
import type { Log } from './port.ts';

export type RelayRequest = {
  /** Streams of this namespace … */
  readonly namespace: string;
  /** … are published to this topic, keyed by stream. */
  readonly topic: string;
  /** Called with each failure that the relay survives by trying again. */
  readonly failed?: (error: unknown) => void;
};

export type Relay = { close(): Promise<void> };

/**
 * Publishes every event of a stream namespace to a topic: at least once, in order per stream, marked with its origin so that subscribers
 * get it once. The position is kept in a register and moves only after the publication is durable. A failure of either side is tried
 * again for ever, with pauses up to 10 s. Two relays of one namespace do no harm: the one that finds the position moved reads it again.
 */
export function relay(kv: Pick<KvStore, 'streams' | 'registers'>, log: Pick<Log, 'publish'>, request: RelayRequest): Relay {
  const closing = new AbortController();
  const work = run();

  async function run(): Promise<void> {
    let failures = 0;
    while (!closing.signal.aborted) {
      try {
        await relayOn(kv, log, request, closing.signal, () => {
          failures = 0;
        });
      } catch (error) {
        if (closing.signal.aborted) return;
        request.failed?.(error);
        if (error instanceof KvFault && error.code === 'KV_CLOSED') return;
        failures += 1;
        await pause(Math.min(RETRY_MS * 2 ** failures, RETRY_MS_MAX), closing.signal);
      }
    }
  }

  return {
    async close() {
      closing.abort();
      await work;
    },
  };
}

/** Relays until closed, or until something fails. */
async function relayOn(
  kv: Pick<KvStore, 'streams' | 'registers'>,
  log: Pick<Log, 'publish'>,
  { namespace, topic }: RelayRequest,
  closed: AbortSignal,
  succeeded: () => void,
): Promise<void> {
  const name = `${namespace} to ${topic}`;
  let stands = await startingPosition(kv.registers, name);
  const after = stands.value.length === 0 ? null : utf8(stands.value);
  const subscription = kv.streams.subscribe({ namespace, after }, async (events) => {
    for (let start = 0; start < events.length; start += EVENTS_PER_PUBLISH) {
      await log.publish(topic, events.slice(start, start + EVENTS_PER_PUBLISH).map(recordOf));
    }
    const value = bytes(events.at(-1)?.position ?? '');
    const moved = await kv.registers.compareAndSet({
      namespace: POSITIONS,
      name,
      expectedVersion: stands.version,
      value,
      commandId: newToken().nonce,
    });
    if (moved.kind === 'conflict') throw new Error(`another relay moved the position of ${name}`);
    stands = { value, version: moved.version };
    succeeded();
  });
  const stop = (): void => void subscription.close();
  closed.addEventListener('abort', stop, { once: true });
  if (closed.aborted) stop();
  await subscription.ended.finally(() => closed.removeEventListener('abort', stop));
}

async function startingPosition(registers: KvStore['registers'], name: string): Promise<Register> {
  const known = await registers.read({ namespace: POSITIONS, name });
  if (known !== null) return known;
  const value = bytes('');
  const made = await registers.create({ namespace: POSITIONS, name, value, commandId: newToken().nonce });
  return made.kind === 'created' ? { value, version: made.version } : made.current;
}

function recordOf({ stream, sequence, type, data }: StreamEvent): Parameters<Log['publish']>[1][number] {
  return { key: stream, type, value: data, origin: { stream, sequence } };
}

function pause(ms: number, closed: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    closed.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      closed.removeEventListener('abort', done);
      resolve();
    }
  });
}

const POSITIONS = 'log_relays';
/** A hundred events of the largest size (256 KiB) stay within what one publication may hold. */
const EVENTS_PER_PUBLISH = 100;
const RETRY_MS = 50;
const RETRY_MS_MAX = 10_000;
