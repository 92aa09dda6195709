import { EventEmitter, once } from 'node:events';

/** How far running jobs are, and who waits for news of a work. In memory: after a restart the jobs tell it anew. */
export type Board = {
  /** Null when the job does not run here. */
  live(jobId: string): number | null;
  begin(workId: string, jobId: string): void;
  progress(workId: string, jobId: string, share: number): void;
  end(workId: string, jobId: string): void;
  /** Something about the work changed. */
  touch(workId: string): void;
  /** Grows with each piece of news of the work since this process started. */
  ticks(workId: string): number;
  /** Resolves at the next news of the work, or when the signal aborts. */
  news(workId: string, signal: AbortSignal): Promise<void>;
  onNews(listener: (workId: string) => void): void;
};

/** Progress bars need no more; each piece of news wakes everybody who watches. */
const NEWS_EVERY_MS = 200;
const WATCHERS_WARN = 1_000;

export function openBoard(nowMs: () => number): Board {
  const shares = new Map<string, number>();
  const ticks = new Map<string, number>();
  const toldAtMs = new Map<string, number>();
  const news = new EventEmitter().setMaxListeners(WATCHERS_WARN);
  const listeners: ((workId: string) => void)[] = [];

  function touch(workId: string): void {
    ticks.set(workId, (ticks.get(workId) ?? 0) + 1);
    toldAtMs.set(workId, nowMs());
    news.emit(workId);
    for (const listener of listeners) listener(workId);
  }

  return {
    live: (jobId) => shares.get(jobId) ?? null,
    begin(workId, jobId) {
      shares.set(jobId, 0);
      touch(workId);
    },
    progress(workId, jobId, share) {
      shares.set(jobId, Math.min(1, Math.max(0, share)));
      if (nowMs() - (toldAtMs.get(workId) ?? 0) >= NEWS_EVERY_MS) touch(workId);
    },
    end(workId, jobId) {
      shares.delete(jobId);
      touch(workId);
    },
    touch,
    ticks: (workId) => ticks.get(workId) ?? 0,
    news: (workId, signal) => once(news, workId, { signal }).then(nothing, nothing),
    onNews: (listener) => void listeners.push(listener),
  };
}

const nothing = (): void => undefined;
