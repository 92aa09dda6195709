import type { Counts } from './figures.ts';

/**
 * - `held`: the steady state held. `refuted`: it did not. `aborted`: stopped before its time, because it hurt.
 * - `not_healed`: afterwards things were not as they had been; worse than any other.
 * - `not_run`: nothing was done. `leashed`: nothing was done, as was told beforehand.
 */
export const OUTCOMES = ['held', 'refuted', 'aborted', 'not_healed', 'not_run', 'leashed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type ExperimentResult = {
  readonly name: string;
  readonly hypothesis: string;
  readonly fallback: string;
  readonly outcome: Outcome;
  readonly because: readonly string[];
  /** The processes that were chosen; of rules none. */
  readonly targets: readonly string[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly timeline: readonly { readonly atMs: number; readonly what: string }[];
  readonly faultAtMs: number | null;
  readonly healedAtMs: number | null;
  /** From the fault on. Null: nobody noticed anything. */
  readonly detectedAfterMs: number | null;
  /** From the fault on, while it lasted: the last moment at which something was amiss. */
  readonly unsteadyForMs: number | null;
  readonly abortedAfterMs: number | null;
  /** From the end of the fault until everything was as before. */
  readonly recoveredAfterMs: number | null;
  /** Of what was expected to come about, from the fault on. */
  readonly reached: { readonly condition: string; readonly afterMs: number | null } | null;
  /** The most that the sequential test got together; null without groups. */
  readonly evidence: number | null;
  /** Of the whole experiment, recovery included. */
  readonly counts: Counts;
  readonly failuresExpected: boolean;
  readonly curve: readonly CurvePoint[];
};
export type CurvePoint = {
  readonly atMs: number;
  readonly startsPerSecond: number;
  readonly requestsFailed: number;
  readonly stalled: number;
  readonly playing: number;
};
