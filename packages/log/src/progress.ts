import type { LogRecord } from './port.ts';

/** Where a member stands in one partition: what it has fetched, and what it does about a record that its handler rejects. */
export type Progress = {
  readonly fence: number;
  readonly nextOffset: number;
  /** Fetched and not handled yet. */
  readonly waiting: readonly LogRecord[];
  /** Up to this offset records are handled one by one, because a batch with them was rejected. */
  readonly aloneUntil: number;
  /** How often the next record was rejected. */
  readonly rejections: number;
  readonly notBeforeMs: number;
};

export type AfterRejection = { readonly kind: 'again'; readonly progress: Progress } | { readonly kind: 'park' };

export function startProgress(fence: number, nextOffset: number): Progress {
  return { fence, nextOffset, waiting: [], aloneUntil: -1, rejections: 0, notBeforeMs: 0 };
}

/** What the handler gets next: the batch, or its first record when one of them is under suspicion. */
export function nextBatch({ waiting, aloneUntil }: Progress): readonly LogRecord[] {
  const [first] = waiting;
  return first !== undefined && first.offset < aloneUntil ? [first] : waiting;
}

export function afterSuccess(progress: Progress, handled: readonly LogRecord[]): Progress {
  const nextOffset = (handled.at(-1)?.offset ?? progress.nextOffset - 1) + 1;
  // Those after it in a rejected batch were rejected once too: with it.
  const rejections = nextOffset < progress.aloneUntil ? 1 : 0;
  return { ...progress, nextOffset, waiting: progress.waiting.slice(handled.length), rejections, notBeforeMs: 0 };
}

/** A rejected batch comes again record by record; a record rejected once and then `attemptsMax` times more is given up. */
export function afterRejection(progress: Progress, batch: readonly LogRecord[], attemptsMax: number, nowMs: number): AfterRejection {
  const rejections = progress.rejections + 1;
  if (batch.length === 1 && rejections > attemptsMax) return { kind: 'park' };
  const aloneUntil = batch.length > 1 ? (batch.at(-1)?.offset ?? -1) + 1 : progress.aloneUntil;
  return { kind: 'again', progress: { ...progress, aloneUntil, rejections, notBeforeMs: nowMs + pauseMs(rejections) } };
}

/** Doubling from 50 ms, at most 10 s: the first retry follows a hiccup, the last ones wait for a mend. */
export function pauseMs(rejections: number): number {
  return Math.min(50 * 2 ** (rejections - 1), 10_000);
}
