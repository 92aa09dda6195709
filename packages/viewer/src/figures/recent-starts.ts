/** First frames, as far back as the figures look. */
export type RecentStarts = {
  add(nowMs: number, firstFrameMs: number): void;
  perSecond(nowMs: number): number;
  firstFrameMs(): { readonly median: number; readonly p95: number; readonly longest: number };
};

const KEPT = 1_000;
const SPAN_MS = 10_000;

export function recentStarts(): RecentStarts {
  const kept: { atMs: number; firstFrameMs: number }[] = [];
  const inSpan: number[] = [];
  return {
    add(atMs, firstFrameMs) {
      kept.push({ atMs, firstFrameMs });
      if (kept.length > KEPT) kept.shift();
      inSpan.push(atMs);
      forget(inSpan, atMs);
    },
    perSecond(nowMs) {
      forget(inSpan, nowMs);
      return inSpan.length / (SPAN_MS / 1000);
    },
    firstFrameMs() {
      const sorted = kept.map((start) => start.firstFrameMs).sort((short, long) => short - long);
      const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
      return { median: at(0.5), p95: at(0.95), longest: at(1) };
    },
  };
}

function forget(inSpan: number[], nowMs: number): void {
  while ((inSpan[0] ?? Infinity) <= nowMs - SPAN_MS) inSpan.shift();
}
