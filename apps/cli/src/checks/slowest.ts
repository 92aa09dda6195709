import type { TookMs } from './run-test-files.ts';

const SHOWN_MAX = 10;
/** Faster ones are nobody's concern. */
const SHOWN_MS_MIN = 5_000;

/** The lines that tell which test files took longest, slowest first; empty when none took long. */
export function slowest(took: readonly TookMs[]): string {
  const shown = took
    .filter(({ ms }) => ms >= SHOWN_MS_MIN)
    .toSorted((one, other) => other.ms - one.ms)
    .slice(0, SHOWN_MAX);
  if (shown.length === 0) return '';
  return ['\nthe slowest files', ...shown.map(({ file, ms }) => `${(ms / 1000).toFixed(1).padStart(8)} s  ${file}`), ''].join('\n');
}
