import { holdRules } from '../control/hold-rules.ts';
import type { Controller } from '../control/controller.ts';
import type { Split } from '../fault/cohort.ts';
import type { FaultRule } from '../fault/rule.ts';
import type { Fleet, Instance } from '../process/fleet.ts';
import type { Arguments, Fault } from './experiment.ts';

/** A fault that is being done. */
export type Inflicted = {
  /** Called at least every few seconds: without it the leases run out. */
  renew(): Promise<void>;
  /** Undoes it. May reject; what it could not undo, leases do. */
  heal(): Promise<void>;
};

/** Something that a fault of the kind `do` means, such as evacuating a region. */
export type Action = { begin(args: Arguments): Promise<{ undo(): Promise<void> }> };

export type InflictNeeds = {
  readonly fleet: Fleet;
  readonly controller: Pick<Controller, 'put' | 'withdraw' | 'list'> | undefined;
  readonly actions: Readonly<Record<string, Action>>;
};

/** Long enough for a few lost renewals, short enough to be back soon after our death. */
const PROCESS_LEASE_MS = 15_000;

/** Begins the fault. `targets`: the processes that were chosen for it. `split`: whose calls rules are kept to. */
export async function inflict(
  needs: InflictNeeds,
  fault: Fault,
  targets: readonly Instance[],
  split: Split | undefined,
): Promise<Inflicted> {
  switch (fault.kind) {
    case 'kill':
      await each(targets, (id) => needs.fleet.kill(id));
      return { renew: async () => undefined, heal: async () => undefined };
    case 'hold':
      return inflictUnderLease(
        targets,
        (id) => needs.fleet.hold(id, PROCESS_LEASE_MS),
        (id) => needs.fleet.release(id),
      );
    case 'pause':
      return inflictUnderLease(
        targets,
        (id) => needs.fleet.pause(id, PROCESS_LEASE_MS),
        (id) => needs.fleet.resume(id),
      );
    case 'restart':
      return inflictRestart(needs.fleet, targets);
    case 'rules':
      return inflictRules(needs, fault.rules, split);
    case 'do':
      return inflictAction(needs, fault.action, fault.args);
    default:
      return fault satisfies never;
  }
}

/** What an experiment's rules become for the members who are to meet them. */
export function rulesFor(rules: readonly FaultRule[], split: Split | undefined): readonly FaultRule[] {
  return split === undefined ? rules : rules.map((rule) => ({ ...rule, who: { ...rule.who, cohort: split.experiment } }));
}

async function inflictUnderLease(
  targets: readonly Instance[],
  begin: (id: string) => Promise<void>,
  end: (id: string) => Promise<void>,
): Promise<Inflicted> {
  try {
    await each(targets, begin);
  } catch (cause) {
    await each(targets, end);
    throw cause;
  }
  return { renew: () => each(targets, begin), heal: () => each(targets, end) };
}

/** One after the other, as an upgrade does it; the experiment is not over before they all are. */
async function inflictRestart(fleet: Fleet, targets: readonly Instance[]): Promise<Inflicted> {
  const restarted = (async () => {
    for (const { id } of targets) await fleet.restart(id);
  })();
  // Looked at when healing; until then nobody awaits it.
  restarted.catch(() => undefined);
  return { renew: async () => undefined, heal: () => restarted };
}

async function inflictRules({ controller }: InflictNeeds, rules: readonly FaultRule[], split: Split | undefined): Promise<Inflicted> {
  if (controller === undefined) throw new Error('there is nobody here who could order faults in the processes');
  const held = await holdRules(controller, rulesFor(rules, split));
  return { renew: async () => undefined, heal: () => held.end() };
}

async function inflictAction({ actions }: InflictNeeds, name: string, args: Arguments): Promise<Inflicted> {
  const action = actions[name];
  if (action === undefined) throw new Error(`there is no action "${name}" (there are: ${Object.keys(actions).join(', ') || 'none'})`);
  const begun = await action.begin(args);
  return { renew: async () => undefined, heal: () => begun.undo() };
}

/** All of them are tried, whatever becomes of one. */
async function each(targets: readonly Instance[], act: (id: string) => Promise<void>): Promise<void> {
  const results = await Promise.allSettled(targets.map(({ id }) => act(id)));
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failed.length > 0)
    throw new AggregateError(failed, `${failed.length} of ${targets.length} processes: ${failed.map(String).join('; ')}`);
}
