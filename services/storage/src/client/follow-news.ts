import { setTimeout as sleep } from 'node:timers/promises';
import type { LogNews } from '@bioscope/log/groups';
import { WAIT_GRACE_MS, WAIT_MS } from './limits.ts';

type Marks = { readonly topic: string; readonly published: string; readonly regrouped: string };

export type NewsParts = {
  /** What is subscribed to now. */
  readonly topics: () => ReadonlySet<string>;
  readonly tell: (news: LogNews) => void;
  /** The topics whose marks are not the known ones: at once when there are any, else once there are, or none after the wait. */
  readonly next: (known: readonly Marks[], waitMs: number, how: { deadlineMs: number; signal: AbortSignal }) => Promise<readonly Marks[]>;
};

const PAUSE_MS = 50;
const PAUSE_MS_MAX = 1_000;
/** What the storage answers for; consumers of further topics look by themselves every few seconds. */
const TOPICS_MAX = 1_000;

/** Waits for news of all topics with one question, asked anew when the topics change, and tells the consumers. */
export function followNews({ topics, tell, next }: NewsParts): { topicsChanged(): void; close(): Promise<void> } {
  const closing = new AbortController();
  const known = new Map<string, Marks>();
  let asking = new AbortController();
  let work = Promise.resolve();
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    let fruitless = 0;
    while (!closing.signal.aborted && topics().size > 0) {
      asking = new AbortController();
      const askedAtMs = performance.now();
      const { signal } = asking;
      const found = await next(wanted(), WAIT_MS, { deadlineMs: WAIT_MS + WAIT_GRACE_MS, signal }).catch(() => []);
      found.forEach(note);
      if (signal.aborted || found.length > 0) {
        fruitless = 0;
        continue;
      }
      // It did not answer, or is closing and answered early. Consumers ask on their own and meet the fault themselves.
      fruitless = performance.now() - askedAtMs < WAIT_MS / 2 ? fruitless + 1 : 0;
      if (fruitless > 0) await pause(Math.min(PAUSE_MS * 2 ** (fruitless - 1), PAUSE_MS_MAX));
    }
    isRunning = false;
  }

  function wanted(): Marks[] {
    const now = topics();
    for (const topic of known.keys()) if (!now.has(topic)) known.delete(topic);
    return [...now].slice(0, TOPICS_MAX).map((topic) => known.get(topic) ?? { topic, published: '', regrouped: '' });
  }

  function note(marks: Marks): void {
    const { topic, published, regrouped } = marks;
    const before = known.get(topic);
    known.set(topic, marks);
    if (before?.published !== published) tell({ kind: 'published', topic });
    if (before?.regrouped !== regrouped) tell({ kind: 'regrouped', topic });
  }

  async function pause(ms: number): Promise<void> {
    await sleep(ms * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(() => undefined);
  }

  return {
    topicsChanged() {
      asking.abort();
      if (!isRunning) work = run();
    },
    async close() {
      closing.abort();
      asking.abort();
      await work;
    },
  };
}
