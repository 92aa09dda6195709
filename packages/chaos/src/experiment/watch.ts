import { countsBetween, spanBetween, violations } from './figures.ts';
import type { Bound, Counts, FigureSource, Reading } from './figures.ts';
import type { CurvePoint } from './result.ts';

/** The readings of one experiment. */
export type Watch = {
  /** Takes the next reading. */
  read(): Promise<Reading>;
  /** What is amiss in the last few seconds, but not before `sinceMs`. */
  amiss(bounds: readonly Bound[], sinceMs: number): readonly string[];
  /** What is amiss over everything since the reading. */
  amissSince(bounds: readonly Bound[], from: Reading): readonly string[];
  counts(): Counts;
  curve(): readonly CurvePoint[];
};

/** One failure or a second without a start should be seen, and be gone from sight soon after. */
const WINDOW_MS = 5_000;
/** A second each; of longer experiments the curve is thinned by its reader. */
const READINGS_MAX = 50_000;

export async function startWatch(figures: FigureSource): Promise<Watch> {
  const first = await figures.read();
  const readings: Reading[] = [first];
  const last = (): Reading => readings.at(-1) ?? first;
  return {
    async read() {
      const reading = await figures.read();
      readings.push(reading);
      if (readings.length > READINGS_MAX) readings.splice(1, 1);
      return reading;
    },
    amiss(bounds, sinceMs) {
      const from = readings.find(({ atMs }) => atMs >= Math.max(sinceMs, last().atMs - WINDOW_MS)) ?? last();
      return violations(spanBetween(from, last()), bounds);
    },
    amissSince: (bounds, from) => violations(spanBetween(from, last()), bounds),
    counts: () => countsBetween(first.counts, last().counts),
    curve: () =>
      readings.slice(1).map((reading, at) => {
        const from = readings[at] ?? first;
        const { startsPerSecond, requestsFailed, sessionsStalled, playing } = spanBetween(from, reading);
        return { atMs: reading.atMs, startsPerSecond, requestsFailed, stalled: sessionsStalled, playing };
      }),
  };
}
