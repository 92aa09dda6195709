import type { Split } from '../fault/cohort.ts';
import { select } from '../process/fleet.ts';
import type { Instance } from '../process/fleet.ts';
import type { Arguments, Experiment } from './experiment.ts';
import { describeFault } from './describe-fault.ts';
import { countsBetween, NO_COUNTS } from './figures.ts';
import type { FigureSource, Reading } from './figures.ts';
import { inflict } from './inflict.ts';
import type { Inflicted, InflictNeeds } from './inflict.ts';
import type { Entry, Journal } from './journal.ts';
import { forbids } from './permit.ts';
import type { Permit } from './permit.ts';
import { ExperimentRecord } from './experiment-record.ts';
import type { ExperimentResult, Outcome } from './result.ts';
import { createSequentialTest } from './sequential-test.ts';
import type { Sample, SequentialTest } from './sequential-test.ts';
import { startWatch } from './watch.ts';
import type { Watch } from './watch.ts';

export type RunNeeds = InflictNeeds & {
  readonly figures: FigureSource;
  readonly permit: Permit;
  readonly journal: Pick<Journal, 'add'>;
  /** What experiments may expect to come about, such as that a region is evacuated. */
  readonly conditions: Readonly<Record<string, (args: Arguments) => Promise<boolean>>>;
  /** The groups by which the figures are told apart; only looked at where the experiment has a size. */
  readonly split: Split | undefined;
  /** Requests that failed earlier in this run, for the budget. */
  readonly requestsFailedBefore: number;
  /** The clock of the figures. */
  nowMs(): number;
  /** Ends early when the signal aborts. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
  told(what: string): void;
};

/** How often things are looked at: what hurts is stopped within about this time. */
const TICK_MS = 1_000;
/** Renewals may fail that often in a row before an experiment that nobody controls any more is stopped. */
const RENEWALS_FAILED_MAX = 3;

/**
 * Does one experiment: watches the steady state, does the fault, stops at once when it hurts, undoes it, and waits until everything is as it was. Whatever happens in
 * between, the fault is undone. `signal` stops the experiment as a person would. Never rejects for what the experiment does; only where the journal cannot be written.
 */
export async function runExperiment(needs: RunNeeds, experiment: Experiment, signal: AbortSignal): Promise<ExperimentResult> {
  const run = new Run(needs, experiment, signal);
  return run.toEnd();
}

class Run {
  readonly #needs: RunNeeds;
  readonly #experiment: Experiment;
  readonly #signal: AbortSignal;
  readonly #record: ExperimentRecord;
  readonly #test: SequentialTest | undefined;
  #targets: readonly Instance[] = [];
  #watch: Watch | undefined;

  constructor(needs: RunNeeds, experiment: Experiment, signal: AbortSignal) {
    this.#needs = needs;
    this.#experiment = experiment;
    this.#signal = signal;
    this.#record = new ExperimentRecord(experiment, needs);
    this.#test = experiment.size === undefined ? undefined : createSequentialTest(() => needs.random());
  }

  async toEnd(): Promise<ExperimentResult> {
    const { fleet, permit } = this.#needs;
    let before: readonly Instance[];
    let atFault: Reading;
    try {
      before = await fleet.list();
      this.#targets = this.#choose(before);
      if (!(await this.#mayBegin(before))) return this.#end('not_run');
      atFault = await this.#look();
    } catch (cause) {
      // Any doubt is a no.
      this.#record.blame(messageOf(cause));
      return this.#end('not_run');
    }
    if (permit.mode === 'leashed') {
      await this.#journal('would', this.#detail());
      this.#record.note(`would now do: ${this.#detail()}`);
      return this.#end('leashed');
    }
    await this.#journal('begins', this.#detail());
    const outcome = await this.#breakAndMend(before, atFault);
    await this.#journal('ends', outcome);
    return this.#end(outcome);
  }

  #choose(instances: readonly Instance[]): readonly Instance[] {
    const { fault } = this.#experiment;
    return 'selection' in fault ? select(instances, fault.selection, () => this.#needs.random()) : [];
  }

  /** Nothing is broken unless everything is well, and seen to be well for a while. */
  async #mayBegin(instances: readonly Instance[]): Promise<boolean> {
    const { permit, requestsFailedBefore: requestsFailed } = this.#needs;
    const { steady, settleSeconds, size, expect } = this.#experiment;
    const record = this.#record;
    record.blame(...forbids(permit, { experiment: this.#experiment, targets: this.#targets, instances, requestsFailed }));
    if (size !== undefined && this.#needs.split === undefined) record.blame('the figures do not tell control and experiment apart');
    if (expect !== undefined && this.#needs.conditions[expect.condition] === undefined)
      record.blame(`nobody here can tell whether "${expect.condition}" has come about`);
    record.blame(...this.#unknownActions().map((name) => `nobody here knows how to do "${name}"`));
    if (record.isBlamed()) return false;
    const watch = await startWatch(this.#needs.figures);
    this.#watch = watch;
    const first = await watch.read();
    const untilMs = this.#needs.nowMs() + settleSeconds * 1_000;
    while (this.#needs.nowMs() < untilMs && !this.#signal.aborted) {
      await this.#needs.pause(Math.min(TICK_MS, untilMs - this.#needs.nowMs()), this.#signal);
      await watch.read();
    }
    if (this.#signal.aborted) record.blame('stopped by hand');
    record.blame(...watch.amissSince(steady, first).map((each) => `before the fault: ${each}`));
    return !record.isBlamed();
  }

  #unknownActions(): readonly string[] {
    const { fault, after } = this.#experiment;
    const named = [...(fault.kind === 'do' ? [fault.action] : []), ...(after === undefined ? [] : [after.action])];
    return named.filter((name) => this.#needs.actions[name] === undefined);
  }

  async #breakAndMend(before: readonly Instance[], atFault: Reading): Promise<Outcome> {
    const { fault, size, steady } = this.#experiment;
    const record = this.#record;
    let inflicted: Inflicted | undefined;
    record.begin(this.#detail());
    try {
      inflicted = await inflict(this.#needs, fault, this.#targets, size === undefined ? undefined : this.#needs.split);
      await this.#endure(inflicted, atFault);
    } catch (cause) {
      record.abort(`the fault could not be done as meant: ${messageOf(cause)}`);
    }
    await inflicted?.heal().catch((cause: unknown) => record.note(`undoing it failed, leases will: ${messageOf(cause)}`));
    record.heal();
    await this.#after().catch((cause: unknown) => record.blame(`what was to be done afterwards failed: ${messageOf(cause)}`));
    const isHealed = await this.#recover(before).catch((cause: unknown) => {
      record.blame(`nobody knows whether it has healed: ${messageOf(cause)}`);
      return false;
    });
    if (!isHealed) return 'not_healed';
    if (record.isAborted()) return 'aborted';
    record.blame(...(this.#watch?.amissSince(steady, atFault) ?? []), ...record.unreached());
    return record.isBlamed() ? 'refuted' : 'held';
  }

  /** What `after` begins stays: it is part of how things were. */
  async #after(): Promise<void> {
    const { after } = this.#experiment;
    if (after === undefined) return;
    this.#record.note([after.action, ...Object.values(after.args)].join(' '));
    await this.#needs.actions[after.action]?.begin(after.args);
  }

  /** While the fault lasts. Returns early when it must be stopped. */
  async #endure(inflicted: Inflicted, atFault: Reading): Promise<void> {
    const record = this.#record;
    const untilMs = this.#needs.nowMs() + this.#experiment.seconds * 1_000;
    let renewalsFailed = 0;
    let previous = atFault;
    while (this.#needs.nowMs() < untilMs) {
      await this.#needs.pause(Math.min(TICK_MS, untilMs - this.#needs.nowMs()), this.#signal);
      if (this.#signal.aborted) return record.abort('stopped by hand');
      const isRenewed = await inflicted.renew().then(
        () => true,
        () => false,
      );
      renewalsFailed = isRenewed ? 0 : renewalsFailed + 1;
      if (renewalsFailed > RENEWALS_FAILED_MAX) return record.abort('the fault is out of control: its lease cannot be renewed');
      const reading = await this.#look();
      record.notice(this.#watch?.amiss(this.#experiment.steady, atFault.atMs) ?? []);
      await this.#expect();
      const hurts = this.#watch?.amissSince(this.#experiment.abort.bounds, atFault) ?? [];
      if (hurts.length > 0) return record.abort(hurts.join('; '));
      if (this.#isBudgetSpent()) return record.abort('the budget of failed requests is spent');
      if (this.#faresWorse(previous, reading)) return record.abort('the experiment group fails more than the control group');
      previous = reading;
    }
  }

  #isBudgetSpent(): boolean {
    const { permit, requestsFailedBefore } = this.#needs;
    const failed = this.#watch?.counts().requestsFailed ?? 0;
    return !this.#experiment.failuresExpected && requestsFailedBefore + failed > permit.requestsFailedMax;
  }

  async #look(): Promise<Reading> {
    if (this.#watch === undefined) throw new Error('nobody watches');
    return this.#watch.read();
  }

  async #expect(): Promise<void> {
    const { expect } = this.#experiment;
    if (expect === undefined || !this.#record.awaits()) return;
    // Who cannot be asked just now has not said yes.
    const isSo = await this.#needs.conditions[expect.condition]?.(expect.args).catch(() => false);
    if (isSo === true) this.#record.reach();
  }

  /** Whether the experiment group fares worse, by all that is known. */
  #faresWorse(from: Reading, to: Reading): boolean {
    if (this.#test === undefined) return false;
    const sample = (group: 'control' | 'experiment'): Sample => {
      const { requests, requestsFailed } = countsBetween(from.cohorts[group], to.cohorts[group]);
      return { tried: requests, failed: requestsFailed };
    };
    this.#test.add(sample('control'), sample('experiment'));
    const evidence = this.#test.evidence();
    this.#record.weigh(evidence);
    return evidence >= 1 / this.#experiment.abort.alpha;
  }

  /** Every process that ran runs, no rule is in force anywhere, and people are as well as they were. */
  async #recover(before: readonly Instance[]): Promise<boolean> {
    const healedAtMs = this.#needs.nowMs();
    const untilMs = healedAtMs + this.#experiment.recoverSeconds * 1_000;
    // Somebody who stops the run wants it whole all the same: recovery is not given up.
    const never = new AbortController().signal;
    for (;;) {
      await this.#needs.pause(TICK_MS, never);
      await this.#look();
      const amiss = [...(await this.#leftovers(before)), ...(this.#watch?.amiss(this.#experiment.steady, healedAtMs) ?? [])];
      if (amiss.length === 0) {
        this.#record.recover();
        return true;
      }
      if (this.#needs.nowMs() < untilMs) continue;
      this.#record.blame(...amiss.map((each) => `afterwards: ${each}`));
      return false;
    }
  }

  async #leftovers(before: readonly Instance[]): Promise<readonly string[]> {
    const { fleet, controller } = this.#needs;
    const now = new Map((await fleet.list()).map((each) => [each.id, each.state]));
    const changed = before.filter(({ id, state }) => state === 'running' && now.get(id) !== 'running');
    const standing = controller === undefined ? [] : [...(await controller.list()).values()].flat();
    return [
      ...changed.map(({ id }) => `${id} is ${now.get(id) ?? 'gone'}`),
      ...new Set(standing.map(({ rule }) => `the rule "${rule?.id ?? ''}" is still in force`)),
    ];
  }

  #journal(what: Entry['what'], detail: string): Promise<void> {
    return this.#needs.journal.add({ atMs: this.#needs.nowMs(), what, name: this.#experiment.name, detail });
  }

  #detail(): string {
    return describeFault(
      this.#experiment.fault,
      this.#targets.map(({ id }) => id),
    );
  }

  #end(outcome: Outcome): ExperimentResult {
    return this.#record.result(outcome, {
      targets: this.#targets.map(({ id }) => id),
      counts: this.#watch?.counts() ?? NO_COUNTS,
      curve: this.#watch?.curve() ?? [],
    });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
