import type { Experiment } from './experiment.ts';
import type { ExperimentResult, Outcome } from './result.ts';

/** What is written down while one experiment is done; every moment once, as it comes. */
export class ExperimentRecord {
  readonly #experiment: Experiment;
  readonly #clock: { nowMs(): number; told(what: string): void };
  readonly #startedAtMs: number;
  readonly #timeline: { atMs: number; what: string }[] = [];
  readonly #because: string[] = [];
  #faultAtMs: number | undefined;
  #detectedAtMs: number | undefined;
  #unsteadyAtMs: number | undefined;
  #abortedAtMs: number | undefined;
  #healedAtMs: number | undefined;
  #recoveredAtMs: number | undefined;
  #reachedAtMs: number | undefined;
  #evidence: number | null = null;

  constructor(experiment: Experiment, clock: { nowMs(): number; told(what: string): void }) {
    this.#experiment = experiment;
    this.#clock = clock;
    this.#startedAtMs = clock.nowMs();
  }

  note(what: string): void {
    this.#timeline.push({ atMs: this.#clock.nowMs(), what });
    this.#clock.told(`${this.#experiment.name}: ${what}`);
  }

  /** Why the outcome is not `held`. */
  blame(...because: readonly string[]): void {
    for (const each of because) {
      this.#because.push(each);
      this.note(each);
    }
  }

  isBlamed(): boolean {
    return this.#because.length > 0;
  }

  begin(fault: string): void {
    this.#faultAtMs = this.#clock.nowMs();
    this.note(`fault: ${fault}`);
  }

  /** What is amiss just now; may be nothing. */
  notice(amiss: readonly string[]): void {
    if (amiss.length === 0) return;
    this.#unsteadyAtMs = this.#clock.nowMs();
    if (this.#detectedAtMs !== undefined) return;
    this.#detectedAtMs = this.#unsteadyAtMs;
    this.note(`noticed: ${amiss.join('; ')}`);
  }

  /** Whether what is expected may still come about in time. */
  awaits(): boolean {
    const { expect } = this.#experiment;
    if (expect === undefined || this.#faultAtMs === undefined || this.#reachedAtMs !== undefined) return false;
    return this.#clock.nowMs() - this.#faultAtMs <= expect.withinSeconds * 1_000;
  }

  reach(): void {
    this.#reachedAtMs = this.#clock.nowMs();
    this.note(this.#experiment.expect?.condition ?? '');
  }

  unreached(): readonly string[] {
    const { expect } = this.#experiment;
    if (expect === undefined || this.#reachedAtMs !== undefined) return [];
    return [`${expect.condition} did not come about within ${expect.withinSeconds} s`];
  }

  weigh(evidence: number): void {
    this.#evidence = Math.max(this.#evidence ?? 0, evidence);
  }

  abort(because: string): void {
    this.#abortedAtMs = this.#clock.nowMs();
    this.blame(`aborted: ${because}`);
  }

  isAborted(): boolean {
    return this.#abortedAtMs !== undefined;
  }

  heal(): void {
    this.#healedAtMs = this.#clock.nowMs();
    this.note('the fault is undone');
  }

  recover(): void {
    this.#recoveredAtMs = this.#clock.nowMs();
    this.note('everything is as it was');
  }

  result(outcome: Outcome, seen: Pick<ExperimentResult, 'targets' | 'counts' | 'curve'>): ExperimentResult {
    const { name, hypothesis, fallback, failuresExpected, expect } = this.#experiment;
    const sinceFault = (atMs: number | undefined): number | null => spanMs(this.#faultAtMs, atMs);
    return {
      name,
      hypothesis,
      fallback,
      outcome,
      because: this.#because,
      startedAtMs: this.#startedAtMs,
      endedAtMs: this.#clock.nowMs(),
      timeline: this.#timeline,
      faultAtMs: this.#faultAtMs ?? null,
      healedAtMs: this.#healedAtMs ?? null,
      detectedAfterMs: sinceFault(this.#detectedAtMs),
      unsteadyForMs: sinceFault(this.#unsteadyAtMs),
      abortedAfterMs: sinceFault(this.#abortedAtMs),
      recoveredAfterMs: spanMs(this.#healedAtMs, this.#recoveredAtMs),
      reached: expect === undefined ? null : { condition: expect.condition, afterMs: sinceFault(this.#reachedAtMs) },
      evidence: this.#evidence,
      failuresExpected,
      ...seen,
    };
  }
}

function spanMs(fromMs: number | undefined, toMs: number | undefined): number | null {
  return fromMs === undefined || toMs === undefined ? null : toMs - fromMs;
}
