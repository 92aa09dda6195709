import type { Appliance } from '../../contract/index.ts';

/** An appliance reports once a second; three lost reports in a row mean that something is wrong. */
export const SILENT_AFTER_MS = 3_000;

/** Steps of load worth telling: smaller changes would wake every watcher every second for nothing. */
const LOAD_STEPS = 20;

/** The appliance as others should see it now: one that fell silent is not healthy, whatever it said last. */
export function asSeen(appliance: Appliance, nowMs: number): Appliance {
  const silentMs = nowMs - appliance.reportedAtMs;
  if (silentMs < SILENT_AFTER_MS) return appliance;
  return { ...appliance, healthy: false, troubles: [`silent for ${Math.floor(silentMs / 1000)} s`, ...appliance.troubles] };
}

/** Whether watchers should hear of the new report at once. */
export function isNews(previous: Appliance | undefined, next: Appliance): boolean {
  return previous === undefined || essence(previous) !== essence(next);
}

function essence(appliance: Appliance): string {
  const { id, baseUrl, site, zone, region, healthy, troubles, editions, fillingBytes } = appliance;
  const load = Math.round(appliance.load * LOAD_STEPS);
  const filling = Object.entries(fillingBytes).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([id, baseUrl, site, zone, region, healthy, troubles, editions.toSorted(), filling, load]);
}
