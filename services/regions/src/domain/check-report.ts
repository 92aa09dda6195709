import type { Report } from './measure.ts';

const REGION_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const ZONE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const ADDRESS = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[0-9.]{7,15}):(\d{1,5})$/;
/** A report over more than a minute says nothing about now. */
const OVER_MS_MAX = 60_000;

const COUNTS = ['requests', 'bridged', 'errors', 'takenOver', 'starts', 'startFailures', 'capacityPerSecond'] as const;
type Said = Omit<Report, 'atMs'>;

/** A gateway's report as it may be kept, or what is wrong with it. */
export function checkReport(said: Said, nowMs: number): { readonly report: Report } | { readonly wrong: string } {
  const { region, zone, address, overMs, requests, bridged, errors, takenOver, starts, startFailures, capacityPerSecond, draining } = said;
  if (!REGION_NAME.test(region)) return { wrong: 'region: 1 to 32 lower-case letters, digits or "-"' };
  if (!ZONE_NAME.test(zone)) return { wrong: 'zone: 1 to 32 letters, digits, ".", "_" or "-"' };
  const port = Number(ADDRESS.exec(address)?.[1]);
  // Name servers answer with it: a name would need another name server.
  if (!(port > 0 && port < 65_536)) return { wrong: `address: ${JSON.stringify(address)} is not an IP address with a port` };
  if (!(overMs > 0 && overMs <= OVER_MS_MAX)) return { wrong: `over_ms: more than 0, at most ${OVER_MS_MAX}` };
  const bad = COUNTS.find((count) => !(Number.isFinite(said[count]) && said[count] >= 0));
  if (bad !== undefined) return { wrong: `${bad}: a number from 0` };
  // Who cannot say how it is counts as saturated: it gets less, not more.
  const load = said.load >= 0 ? Math.min(said.load, 1) : 1;
  // A request that began before the last report and was handed over after it counts in two of them.
  const counts = { requests, bridged: Math.min(bridged, requests), errors, takenOver, starts, startFailures, capacityPerSecond };
  return { report: { region, zone, address, atMs: nowMs, overMs, ...counts, load, draining } };
}
