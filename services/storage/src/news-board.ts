import { randomUUID } from 'node:crypto';
import type { LogEngine } from '@bioscope/log/groups';

/** Marks of a topic: they change with each publication and each change of a group's members. */
export type Marks = { readonly topic: string; readonly published: string; readonly regrouped: string };

export type NewsBoard = {
  /** Those of the topics whose marks are not the known ones: at once when there are any, else as soon as there are, or none when the signal aborts. */
  changed(known: readonly Marks[], signal: AbortSignal): Promise<readonly Marks[]>;
  close(): void;
};

/** Counts what happens to the topics, so that nobody who asks now and then misses anything, and nothing is kept of those who ask. */
export function createNewsBoard(log: Pick<LogEngine, 'onNews'>): NewsBoard {
  // Another one after a restart: what happened in between is not known here.
  const life = randomUUID();
  /** A topic with news has partitions on disk; a few numbers more cost nothing. */
  const published = new Map<string, number>();
  const regrouped = new Map<string, number>();
  /** News of other processes, which do not say what they wrote. */
  let elsewhere = 0;
  const askers = new Set<() => void>();

  const stop = log.onNews(({ kind, topic }) => {
    if (topic === null) {
      elsewhere += 1;
    } else {
      const counts = kind === 'published' ? published : regrouped;
      counts.set(topic, (counts.get(topic) ?? 0) + 1);
    }
    for (const look of askers) look();
  });

  function marksOf(topic: string): Marks {
    const mark = (counts: Map<string, number>): string => `${life} ${elsewhere} ${counts.get(topic) ?? 0}`;
    return { topic, published: mark(published), regrouped: mark(regrouped) };
  }

  function news(known: readonly Marks[]): Marks[] {
    return known.flatMap((before) => {
      const now = marksOf(before.topic);
      return now.published === before.published && now.regrouped === before.regrouped ? [] : [now];
    });
  }

  return {
    async changed(known, signal) {
      const found = news(known);
      if (found.length > 0 || signal.aborted) return found;
      return new Promise((resolve) => {
        const end = (answer: readonly Marks[]): void => {
          askers.delete(look);
          signal.removeEventListener('abort', giveUp);
          resolve(answer);
        };
        const look = (): void => {
          const since = news(known);
          if (since.length > 0) end(since);
        };
        const giveUp = (): void => end([]);
        askers.add(look);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
    close: stop,
  };
}
