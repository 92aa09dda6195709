import type { Journal } from '../experiment/journal.ts';
import type { Permit } from '../experiment/permit.ts';
import type { Fleet, Instance } from '../process/fleet.ts';
import { isSpared, isTooSoon, planDay } from './plan-day.ts';
import type { MonkeyRules, Visit } from './plan-day.ts';

export type MonkeyNeeds = {
  readonly fleet: Pick<Fleet, 'list' | 'kill'>;
  readonly journal: Pick<Journal, 'add' | 'entries'>;
  readonly mode: Permit['mode'];
  readonly rules: MonkeyRules;
  /** Makes the days of this service its own. */
  readonly salt: string;
  /** Wall clock. */
  nowMs(): number;
  pause(ms: number, signal: AbortSignal): Promise<void>;
  random(): number;
  told(what: string): void;
};

const LOOK_EVERY_MS = 60_000;

/** Kills a process now and then, as planned for the day, until the signal aborts. Whatever is in doubt, nobody is killed. */
export async function runMonkey(needs: MonkeyNeeds, signal: AbortSignal): Promise<void> {
  let lookedAtMs = needs.nowMs();
  while (!signal.aborted && needs.mode !== 'off') {
    await needs.pause(LOOK_EVERY_MS, signal);
    if (signal.aborted) return;
    const nowMs = needs.nowMs();
    try {
      await visitDue(needs, lookedAtMs, nowMs);
    } catch (cause) {
      needs.told(`nobody is killed: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
    lookedAtMs = nowMs;
  }
}

/** Those whose moment came between the two looks; what a sleeping machine missed is left out. */
async function visitDue(needs: MonkeyNeeds, fromMs: number, nowMs: number): Promise<void> {
  if (nowMs - fromMs > 2 * LOOK_EVERY_MS) return;
  const instances = await needs.fleet.list();
  const targets = [...new Set(instances.map(targetOf))];
  const due = planDay(nowMs, targets, needs.rules, needs.salt).filter(({ atMs }) => atMs > fromMs && atMs <= nowMs);
  for (const visit of due) await pay(needs, visit, instances, nowMs);
}

async function pay(needs: MonkeyNeeds, { target }: Visit, instances: readonly Instance[], nowMs: number): Promise<void> {
  const { fleet, journal, mode, rules } = needs;
  const told = (what: string): void => needs.told(what);
  if (instances.some(({ state }) => state !== 'running')) return told(`${target} is left alone: not everything runs`);
  const last = (await journal.entries()).findLast(({ what, name }) => what === 'monkey' && name === target);
  if (isTooSoon(last?.atMs, nowMs, rules)) return told(`${target} is left alone: it was visited too short a time ago`);
  const choice = instances.filter((each) => targetOf(each) === target && !isSpared(each.id, rules));
  const victim = choice[Math.floor(needs.random() * choice.length)];
  if (victim === undefined) return told(`${target} is left alone: all of it is spared`);
  // Of the last of its kind nothing can be learned.
  if (instances.filter((each) => targetOf(each) === target).length < 2) return told(`${target} is left alone: there is only ${victim.id}`);
  if (mode !== 'unleashed') {
    await journal.add({ atMs: nowMs, what: 'would', name: target, detail: `kill ${victim.id}` });
    return told(`would now kill ${victim.id}`);
  }
  await journal.add({ atMs: nowMs, what: 'monkey', name: target, detail: `kill ${victim.id}` });
  await fleet.kill(victim.id);
  told(`killed ${victim.id}`);
}

/** Regions are independent of each other, as are groups in a region. */
function targetOf({ region, group }: Instance): string {
  return `${region}-${group}`;
}
