import type { ExperimentResult } from '../experiment/result.ts';

/** What a game day comes down to; its last line. */
export type GamedaySummary = {
  /** Those that were to be done. */
  readonly experiments: number;
  /** Those whose hypothesis held, and after which everything was as before. */
  readonly passed: number;
  /** Of the experiments that do not expect failures. */
  readonly requests: number;
  readonly requestsFailed: number;
  readonly requestsFailedPerMillion: number;
  readonly stalledSessions: number;
  /** From the loss or the order until no client is left there; the longest. Null where no experiment looked. */
  readonly secondsToEvacuateRegion: number | null;
  /** The longest, of those where somebody noticed anything. */
  readonly secondsToDetect: number | null;
  /** From the end of a fault until everything was as before; the longest. */
  readonly secondsToRecover: number | null;
};

/** By this name experiments wait for a region without clients. */
export const REGION_EVACUATED = 'region-evacuated';

export function summarise(planned: number, results: readonly ExperimentResult[]): GamedaySummary {
  const counting = results.filter(({ failuresExpected }) => !failuresExpected);
  const requests = sum(counting.map(({ counts }) => counts.requests));
  const requestsFailed = sum(counting.map(({ counts }) => counts.requestsFailed));
  return {
    experiments: planned,
    passed: results.filter(({ outcome }) => outcome === 'held').length,
    requests,
    requestsFailed,
    requestsFailedPerMillion: requests === 0 ? 0 : round((requestsFailed * 1_000_000) / requests),
    stalledSessions: sum(results.map(({ counts }) => counts.sessionsStalled)),
    secondsToEvacuateRegion: longest(results.map(({ reached }) => (reached?.condition === REGION_EVACUATED ? reached.afterMs : null))),
    secondsToDetect: longest(results.map(({ detectedAfterMs }) => detectedAfterMs)),
    secondsToRecover: longest(results.map(({ recoveredAfterMs }) => recoveredAfterMs)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function longest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : round(Math.max(...known) / 1_000);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
