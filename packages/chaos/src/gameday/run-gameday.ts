import type { Experiment } from '../experiment/experiment.ts';
import type { ExperimentResult } from '../experiment/result.ts';
import { runExperiment } from '../experiment/run-experiment.ts';
import type { RunNeeds } from '../experiment/run-experiment.ts';
import { summarise } from './summarise.ts';
import type { GamedaySummary } from './summarise.ts';

export type GamedayReport = {
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
  /** All other times of a report are milliseconds of one clock that began somewhere. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly results: readonly ExperimentResult[];
  readonly summary: GamedaySummary;
};

/**
 * Does the experiments one after the other. One that does not heal ends the day: whatever came after it would be about the wrong service. When the
 * signal aborts, the running one is undone and no other begins. `finished` hears of each.
 */
export async function runGameday(
  needs: Omit<RunNeeds, 'requestsFailedBefore'> & { readonly startedAt: string },
  experiments: readonly Experiment[],
  options: { readonly signal: AbortSignal; finished?(result: ExperimentResult): void },
): Promise<GamedayReport> {
  const sizes = new Set(experiments.flatMap(({ size }) => size ?? []));
  if (sizes.size > 1) throw new RangeError(`the groups of one game day have one size, not ${[...sizes].join(' and ')}`);
  const startedAtMs = needs.nowMs();
  const results: ExperimentResult[] = [];
  for (const experiment of experiments) {
    if (options.signal.aborted) break;
    const requestsFailedBefore = failuresOf(results);
    const result = await runExperiment({ ...needs, requestsFailedBefore }, experiment, options.signal);
    results.push(result);
    options.finished?.(result);
    if (result.outcome === 'not_healed') break;
  }
  const { startedAt } = needs;
  return { startedAt, startedAtMs, endedAtMs: needs.nowMs(), results, summary: summarise(experiments.length, results) };
}

function failuresOf(results: readonly ExperimentResult[]): number {
  return results.filter((each) => !each.failuresExpected).reduce((sum, { counts }) => sum + counts.requestsFailed, 0);
}
