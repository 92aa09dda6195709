import { rounded } from './check-capacity.ts';
import type { CourseEvent, Directed, Run, RunStep } from './course.ts';
import { percent } from './health.ts';
import type { Pace } from './next-step.ts';
import { measuredOf, receiversFor } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import { isStalled, lastStep, nextDown, nextUp } from './ramp.ts';
import { troubleIn } from './trouble.ts';
import type { Trouble } from './trouble.ts';
import { verify } from './verify.ts';

/** Resolvers that keep an answer a little longer than they may. */
export const DNS_GRACE_MS = 5_000;
/** Clients that never ask again are served over the bridge: the report names them, and the run ends. */
const VERIFY_MS_MAX = 60_000;

/** Bridge rises → DNS leaves → everybody's answer runs out → look who still comes. The bridge stays up to the end and beyond. */
export function nextOfEvacuation(run: Run, directed: Directed, outlook: Outlook, pace: Pace): readonly CourseEvent[] {
  const step = (kind: RunStep['kind'], text: string, change: Partial<Directed> = {}): CourseEvent => {
    const { weight, bridgeShare } = { ...directed, ...change };
    return { type: 'run.stepped', runId: run.id, atMs: outlook.nowMs, kind, text, weight, bridgeShare };
  };
  const here = measuredOf(outlook, run.region);

  if (here.reporting === 0 && (directed.weight > 0 || directed.bridgeShare < 1))
    return [step('dns', 'No gateway reports, so nothing can be bridged: DNS leaves at once.', { weight: 0, bridgeShare: 1 })];

  if (directed.weight > 0 || directed.bridgeShare < 1) return ramp();
  return drain();

  function ramp(): readonly CourseEvent[] {
    const sinceLastMs = outlook.nowMs - lastStep(run).atMs;
    // The first share needs no watching of what was before it.
    if (sinceLastMs < pace.holdMs && lastStep(run).kind !== 'checked') return [];
    const receivers = receiversFor(outlook, run.region);
    const trouble: Trouble =
      receivers.length === 0 ? { level: 'back', text: 'no other region is well' } : troubleIn(receivers, run, outlook);
    if (trouble.level !== 'none' && !run.force) return hold(trouble);
    if (directed.bridgeShare < 1) {
      const bridgeShare = nextUp(directed.bridgeShare);
      return [step('bridge', `${percent(bridgeShare)} of the requests are handed to ${receivers.join(', ')}.`, { bridgeShare })];
    }
    return [step('dns', `DNS sends nobody any more; ${rounded(here.arrivedPerSecond)} requests per second still arrive.`, { weight: 0 })];
  }

  function hold({ level, text }: Trouble): readonly CourseEvent[] {
    if (isStalled(run, outlook.nowMs)) {
      const back = step('back', `Given up: ${text}. The region serves as before.`, { weight: 1, bridgeShare: 0 });
      return [back, { type: 'run.ended', runId: run.id, atMs: outlook.nowMs, outcome: 'given_up', state: 'serving', verification: null }];
    }
    if (level === 'back' && directed.bridgeShare > 0) {
      const bridgeShare = nextDown(directed.bridgeShare);
      return [step('back', `Back to ${percent(bridgeShare)}: ${text}.`, { bridgeShare })];
    }
    return ['held', 'back'].includes(lastStep(run).kind) ? [] : [step('held', `Held at ${percent(directed.bridgeShare)}: ${text}.`)];
  }

  function drain(): readonly CourseEvent[] {
    const dnsAtMs = leftDnsAtMs(run);
    const waitedMs = outlook.nowMs - dnsAtMs;
    const ttlMs = pace.dnsTtlMs + DNS_GRACE_MS;
    if (waitedMs < ttlMs) return [];
    const drained = run.steps.some(({ kind, atMs }) => kind === 'drained' && atMs >= dnsAtMs);
    if (!drained)
      return [step('drained', `Every DNS answer has run out; ${rounded(here.arrivedPerSecond)} requests per second still arrive.`)];
    const verification = verify(run, here, dnsAtMs);
    const enough = verification.passed || !verification.measured || waitedMs >= ttlMs + VERIFY_MS_MAX;
    if (!enough) return [];
    return [
      step('verified', verification.text),
      { type: 'run.ended', runId: run.id, atMs: outlook.nowMs, outcome: 'done', state: 'evacuated', verification },
    ];
  }
}

/** When the weight became 0, counted from the last time it was not. */
function leftDnsAtMs(run: Run): number {
  const after = run.steps.findLastIndex(({ weight }) => weight > 0) + 1;
  return (run.steps[after] ?? lastStep(run)).atMs;
}
