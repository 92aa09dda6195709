import type { Engine } from './engine-settings.ts';
import type { EngineTrouble } from './open-engines.ts';

/**
 * Passes on what an engine's client rode out, when it says more than that something is starting: the first few in a minute are how a cluster
 * that comes up or loses a node looks, and who reads the log needs each message once, without a stack.
 */
export function quietly(tell: (engine: Engine, because: string) => void, nowMs: () => number = Date.now): EngineTrouble {
  const seen = new Map<string, { sinceMs: number; count: number; isTold: boolean }>();
  return (engine, error) => {
    const because = messageOf(error);
    const key = `${engine} ${because}`;
    let known = seen.get(key);
    if (known === undefined || nowMs() - known.sinceMs > WINDOW_MS) {
      known = { sinceMs: nowMs(), count: 0, isTold: false };
      seen.delete(key);
      seen.set(key, known);
      if (seen.size > MESSAGES_MAX) seen.delete(seen.keys().next().value ?? '');
    }
    known.count += 1;
    if (known.isTold || nowMs() - known.sinceMs < PASSING_MS) return;
    known.isTold = true;
    tell(engine, `${because} (${known.count} times in the last minute)`);
  };
}

/** Engines tell what they were doing beside the error; errors of several nodes come joined. */
function messageOf(trouble: unknown): string {
  if (trouble instanceof AggregateError && trouble.errors.length > 0) return trouble.errors.map(messageOf).join('; ');
  if (trouble instanceof Error) return trouble.message;
  if (typeof trouble === 'object' && trouble !== null && 'error' in trouble)
    return `${'doing' in trouble ? `${String(trouble.doing)}: ` : ''}${messageOf(trouble.error)}`;
  return String(trouble);
}

const WINDOW_MS = 60_000;
/** Shorter trouble passes by itself. */
const PASSING_MS = 10_000;
const MESSAGES_MAX = 100;
