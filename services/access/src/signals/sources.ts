import type { Logger, Metrics } from '@bioscope/telemetry';

/** What each source works with. */
export type SourceParts = {
  readonly nowMs: () => number;
  /** Of one question: who waits for the decision waits no longer than this for a source. */
  readonly deadlineMs: number;
  /** Notes that a source did not answer. */
  readonly silent: (source: SourceName) => (fault: unknown) => void;
};

export const SOURCES = ['membership', 'identity', 'catalog'] as const;
export type SourceName = (typeof SOURCES)[number];

/** A dead source fails every question; one line in so long says so. */
const WARN_EVERY_MS = 10_000;

export function notingSilence({ log, metrics, nowMs }: { log: Logger; metrics: Metrics; nowMs: () => number }): SourceParts['silent'] {
  const silences = metrics.counter('bioscope_access_silences_total', 'Questions that a source of signals did not answer', ['source']);
  const warnedAtMs = new Map<SourceName, number>();
  return (source) => (fault) => {
    silences.add({ source });
    if (nowMs() - (warnedAtMs.get(source) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS) return;
    warnedAtMs.set(source, nowMs());
    log.warn({ err: fault, source }, 'a source does not answer: decisions fall back to what is known');
  };
}
