import { eventually } from '../src/conformance/check.ts';
import type { KvStore, Position, StreamEvent, Subscription } from '../src/port.ts';

export type Watcher = {
  /** The last sequence seen of a stream, 0 when none was. */
  seen(stream: string): number;
  /** Resolves when all of these many events were seen. */
  untilSeen(heads: ReadonlyMap<string, number>, withinMs: number): Promise<void>;
  /** Rejects with what was delivered out of order, left out, or twice as different events. */
  close(): Promise<void>;
};

/** A subscriber as products have them: keeps its position, subscribes anew when the engine failed, and drops what it has seen. */
export function watch(store: KvStore, namespace: string): Watcher {
  const commands = new Map<string, string[]>();
  const violations: string[] = [];
  let position: Position | null = null;
  const closing = new AbortController();
  let current: Subscription | null = null;
  const running = subscribeAgainAndAgain();

  async function subscribeAgainAndAgain(): Promise<void> {
    while (!closing.signal.aborted) {
      current = store.streams.subscribe({ namespace, after: position }, async (events) => {
        for (const event of events) look(event);
        position = events.at(-1)?.position ?? position;
      });
      await current.ended.catch(() => {});
    }
  }

  function look({ stream, sequence, commandId }: StreamEvent): void {
    const known = commands.get(stream) ?? [];
    commands.set(stream, known);
    if (sequence === known.length + 1) known.push(commandId);
    else if (sequence > known.length) violations.push(`${stream}: ${sequence} came after ${known.length}`);
    else if (known[sequence - 1] !== commandId) violations.push(`${stream}: ${sequence} came twice, as different events`);
  }

  return {
    seen: (stream) => commands.get(stream)?.length ?? 0,
    async untilSeen(heads, withinMs) {
      const missing = async (): Promise<string[]> =>
        [...heads].flatMap(([stream, head]) => {
          const seen = commands.get(stream)?.length ?? 0;
          return seen < head ? [`${stream}: ${seen} of ${head}`] : [];
        });
      await eventually('every acknowledged event reaches the subscriber', missing, (left) => left.length === 0, withinMs);
    },
    async close() {
      closing.abort();
      await current?.close();
      await running;
      if (violations.length > 0) throw new Error(`${violations.length} violations: ${violations.slice(0, 5).join('; ')}`);
    },
  };
}
