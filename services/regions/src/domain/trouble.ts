import type { Run } from './course.ts';
import { percent } from './health.ts';
import { isWell, measuredOf } from './outlook.ts';
import type { Outlook } from './outlook.ts';

/** How the regions that get more than before bear it. */
export type Trouble = { readonly level: 'none' | 'hold' | 'back'; readonly text: string };

/** More than before the run, as shares of requests: more than this is watched, and more than that is undone. */
const HOLD_ABOVE = 0.01;
const BACK_ABOVE = 0.05;
/** One error of twenty is no rate. */
const JUDGED_MIN = 50;

const NONE: Trouble = { level: 'none', text: '' };

/** The worst of `regions`, compared with how they were when the run began. */
export function troubleIn(regions: readonly string[], run: Run, outlook: Outlook): Trouble {
  let worst = NONE;
  for (const region of regions) {
    const found = troubleOf(region, run, outlook);
    if (found.level === 'back') return found;
    if (found.level === 'hold') worst = found;
  }
  return worst;
}

function troubleOf(region: string, run: Run, outlook: Outlook): Trouble {
  if (!isWell(outlook, region)) return { level: 'back', text: `${region} is ill: ${outlook.healths.get(region)?.reason ?? ''}` };
  const { judged, errorRate } = measuredOf(outlook, region);
  if (judged < JUDGED_MIN) return NONE;
  const before = run.errorRatesBefore[region] ?? 0;
  const text = `${percent(errorRate)} of the requests in ${region} fail (${percent(before)} before)`;
  if (errorRate - before > BACK_ABOVE) return { level: 'back', text };
  return errorRate - before > HOLD_ABOVE ? { level: 'hold', text } : NONE;
}
