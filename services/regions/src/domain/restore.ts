import type { CourseEvent, Directed, Run, RunStep } from './course.ts';
import { percent } from './health.ts';
import type { Pace } from './next-step.ts';
import { measuredOf } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import { isStalled, lastStep, nextDown, nextUp } from './ramp.ts';
import { troubleIn } from './trouble.ts';

/** The bridge falls → DNS returns, each share watched for as long as resolvers take to hear of it. In trouble everything goes back to evacuated. */
export function nextOfRestore(run: Run, directed: Directed, outlook: Outlook, pace: Pace): readonly CourseEvent[] {
  const step = (kind: RunStep['kind'], text: string, change: Partial<Directed> = {}): CourseEvent => {
    const { weight, bridgeShare } = { ...directed, ...change };
    return { type: 'run.stepped', runId: run.id, atMs: outlook.nowMs, kind, text, weight, bridgeShare };
  };
  const latest = lastStep(run);
  const sinceLastMs = outlook.nowMs - latest.atMs;

  const trouble = run.force ? ({ level: 'none', text: '' } as const) : troubleHere();
  if (trouble.level === 'back' || (trouble.level === 'hold' && isStalled(run, outlook.nowMs))) {
    const back = step('back', `Given up: ${trouble.text}. The region stays evacuated.`, { weight: 0, bridgeShare: 1 });
    return [back, { type: 'run.ended', runId: run.id, atMs: outlook.nowMs, outcome: 'given_up', state: 'evacuated', verification: null }];
  }
  if (trouble.level === 'hold')
    return latest.kind === 'held' ? [] : [step('held', `Held at ${percent(directed.weight)} in DNS: ${trouble.text}.`)];
  if (sinceLastMs < (latest.kind === 'dns' ? Math.max(pace.holdMs, pace.dnsTtlMs) : pace.holdMs)) return [];
  if (directed.bridgeShare > 0) {
    const bridgeShare = nextDown(directed.bridgeShare);
    return [step('bridge', `${percent(bridgeShare)} of the requests that arrive are handed to other regions.`, { bridgeShare })];
  }
  if (directed.weight < 1) {
    const weight = nextUp(directed.weight);
    return [step('dns', `DNS sends ${percent(weight)} of the near networks here again.`, { weight })];
  }
  return [{ type: 'run.ended', runId: run.id, atMs: outlook.nowMs, outcome: 'done', state: 'serving', verification: null }];

  function troubleHere(): ReturnType<typeof troubleIn> {
    if (measuredOf(outlook, run.region).reporting === 0) return { level: 'back', text: `no gateway of ${run.region} reports` };
    return troubleIn([run.region], run, outlook);
  }
}
