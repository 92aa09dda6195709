import type { Instance } from '../process/fleet.ts';
import type { Experiment } from './experiment.ts';

/** How much may be broken on purpose. */
export type Permit = {
  /** `leashed`: everything but the fault itself is done, and what would have been done is told. */
  readonly mode: 'off' | 'leashed' | 'unleashed';
  /** Of all accounts in one experiment, 0 to 1. */
  readonly membersShareMax: number;
  /** Of all running processes at once, 0 to 1. */
  readonly processesShareMax: number;
  /** Of one run, all experiments together that do not expect failures; after it nothing more is begun. */
  readonly requestsFailedMax: number;
};

/** Harmless unless somebody says otherwise. A region of two, or a zone of three with its neighbours, is about half of the processes. */
export const LEASHED: Permit = { mode: 'leashed', membersShareMax: 0.5, processesShareMax: 0.55, requestsFailedMax: 1_000 };

/** Why the experiment must not be done; empty when it may. */
export function forbids(
  permit: Permit,
  asked: {
    experiment: Pick<Experiment, 'fault' | 'size'>;
    targets: readonly Instance[];
    instances: readonly Instance[];
    requestsFailed: number;
  },
): readonly string[] {
  const { experiment, targets, instances, requestsFailed } = asked;
  const { fault } = experiment;
  const running = instances.filter(({ state }) => state === 'running').length;
  const because: string[] = [];
  if (permit.mode === 'off') because.push('experiments are off');
  if (instances.some(({ state }) => state !== 'running')) because.push('not everything runs: this is no time for experiments');
  if (fault.kind === 'rules' && (experiment.size ?? 0) > permit.membersShareMax)
    because.push(`a share of ${experiment.size} of the members is more than the ${permit.membersShareMax} that are allowed`);
  if (isOfProcesses(fault.kind) && targets.length === 0) because.push('no running process is the one that is meant');
  if (targets.length > running * permit.processesShareMax)
    because.push(`${targets.length} of ${running} processes are more than the share of ${permit.processesShareMax} that is allowed`);
  if (requestsFailed > permit.requestsFailedMax)
    because.push(`${requestsFailed} requests have failed in this run: the budget of ${permit.requestsFailedMax} is spent`);
  return because;
}

function isOfProcesses(kind: Experiment['fault']['kind']): boolean {
  return kind !== 'rules' && kind !== 'do';
}
