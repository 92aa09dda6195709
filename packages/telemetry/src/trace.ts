import { randomFillSync } from 'node:crypto';

/** One hop of a trace (https://www.w3.org/TR/trace-context/). */
export type TraceContext = {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero: the span of the sender. */
  readonly spanId: string;
  readonly sampled: boolean;
};

const FORMAT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);

/** Null for an absent or malformed header: the receiver then starts a trace of its own. */
export function parseTraceparent(header: string | undefined): TraceContext | null {
  const match = header === undefined ? null : FORMAT.exec(header);
  if (match === null) return null;
  const [, version, traceId, spanId, flags, rest] = match;
  if (version === undefined || traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === 'ff' || traceId === ZERO_TRACE || spanId === ZERO_SPAN) return null;
  // Only versions after 00 may carry further fields.
  if (version === '00' && rest !== undefined) return null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** A new trace with a first span. */
export function newTraceparent(options: { sampled?: boolean } = {}): string {
  return format({ traceId: randomHex(16), spanId: randomHex(8), sampled: options.sampled ?? true });
}

/** The header for the next hop: same trace and sampling, a span of its own. Starts a new trace when the parent is absent or malformed. */
export function childTraceparent(parent: TraceContext | string | undefined): string {
  const context = typeof parent === 'object' ? parent : parseTraceparent(parent);
  return context === null ? newTraceparent() : format({ ...context, spanId: randomHex(8) });
}

function format(context: TraceContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}

// Every call between units needs a span id: asking the kernel for 8 bytes each time costs more than the rest of the header.
const pool = Buffer.alloc(4096);
let poolUsed = pool.length;

function randomHex(bytes: number): string {
  for (;;) {
    if (poolUsed + bytes > pool.length) {
      randomFillSync(pool);
      poolUsed = 0;
    }
    const start = poolUsed;
    poolUsed += bytes;
    const text = pool.toString('hex', start, poolUsed);
    // All zero is forbidden; the loop runs again once in 2^64 times.
    if (text !== ZERO_SPAN && text !== ZERO_TRACE) return text;
  }
}
