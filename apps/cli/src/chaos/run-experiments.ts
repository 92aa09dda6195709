import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LEASHED, openJournal, reportHtml, runGameday, splitOf } from '@bioscope/chaos';
import type { Experiment, GamedayReport, Journal } from '@bioscope/chaos';
import { CLOCK } from '@bioscope/viewer';
import { Complaint } from '../command.ts';
import type { Invocation } from '../command.ts';
import { startDeploymentViewers } from './deployment-viewers.ts';
import { openLaboratory } from './open-laboratory.ts';
import { regionActions, regionConditions } from './region-actions.ts';
import { viewerFigures } from './viewer-figures.ts';

export type RunExperimentsOptions = {
  readonly viewers: number;
  readonly seed: number;
  /** False: only says what it would do. */
  readonly isUnleashed: boolean;
  /** Where the report is written: `report.json` and `report.html`. */
  readonly reportFolder: string;
  readonly signal: AbortSignal;
  readonly told: (what: string) => void;
};

/** Viewers come within 10 s, and the first films are a little slow to start. */
const WARM_UP_MS = 15_000;

/** Does the experiments on the running service, with viewers as the measure, and writes the report. Complains when somebody else experiments there. */
export async function runExperiments(
  invocation: Invocation,
  experiments: readonly Experiment[],
  options: RunExperimentsOptions,
): Promise<GamedayReport> {
  const { signal, told } = options;
  await using opened = new AsyncDisposableStack();
  const laboratory = opened.use(await openLaboratory(invocation));
  const { fleet, controller, deployment, rpc, folder } = laboratory;
  const journal = opened.adopt(await journalIn(folder), (each) => each.close());
  const share = experiments.find(({ size }) => size !== undefined)?.size;
  // New people with every run.
  const split = share === undefined ? undefined : splitOf(randomUUID(), share);
  const viewers = opened.adopt(
    await startDeploymentViewers(invocation, { deployment, count: options.viewers, seed: options.seed, split, signal }),
    async (each) => void (await each.stop()),
  );
  told(`${options.viewers} viewers come`);
  await patiently(WARM_UP_MS, signal);
  const report = await runGameday(
    {
      fleet,
      controller,
      actions: regionActions(rpc),
      conditions: regionConditions(rpc),
      figures: viewerFigures(viewers),
      permit: { ...LEASHED, mode: options.isUnleashed ? 'unleashed' : 'leashed' },
      journal,
      split,
      // That of the figures.
      nowMs: () => CLOCK.nowMs(),
      pause: patiently,
      random: Math.random,
      told,
      startedAt: new Date().toISOString(),
    },
    experiments,
    { signal },
  );
  mkdirSync(options.reportFolder, { recursive: true });
  writeFileSync(join(options.reportFolder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(options.reportFolder, 'report.html'), reportHtml(report));
  return report;
}

/** The journal of a state folder. Complains while another process experiments. */
export async function journalIn(folder: string): Promise<Journal> {
  const opened = await openJournal(join(folder, 'chaos', 'journal.jsonl'));
  if (opened.kind === 'busy') throw new Complaint(`process ${opened.pid} experiments on this service already`);
  return opened.journal;
}

/** Ends early when the signal aborts. */
export async function patiently(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
