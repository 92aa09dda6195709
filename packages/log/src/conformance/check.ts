import { bytes, utf8 } from '@bioscope/kv';
import type { Log, LogRecord, LogRecordData, LogSubscription } from '../port.ts';

/** One promise of the port, and how to see whether an engine keeps it. */
export type LogCheck = { readonly name: string; run(subject: LogSubject): Promise<void> };

export type LogSubject = {
  readonly log: () => Log;
  /** A topic that only this check uses. */
  readonly topic: string;
  /** Closes the engine and opens it again on the same data. */
  readonly reopen: () => Promise<void>;
};

export function record(key: string, text: string): LogRecordData {
  return { key, type: 'said', value: bytes(text) };
}

/** Numbers 0 … count-1 spread over a few keys. */
export function numbered(count: number, keys = 5): LogRecordData[] {
  return Array.from({ length: count }, (_, index) => record(`k${index % keys}`, String(index)));
}

export function textOf({ value }: LogRecord): string {
  return utf8(value);
}

/** Asks until true, at most `withinMs`. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`did not happen within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A member that keeps what it gets. */
export function collector(
  log: Log,
  topic: string,
  group: string,
  from?: 'earliest' | 'latest',
): { seen: LogRecord[]; subscription: LogSubscription } {
  const seen: LogRecord[] = [];
  const request = from === undefined ? { topic, group } : { topic, group, from };
  const subscription = log.subscribe(request, async (records) => {
    seen.push(...records);
  });
  return { seen, subscription };
}
