import type { RegionState } from './course.ts';
import { directedOf } from './course.ts';
import { measuredOf, receiversFor, isServing } from './outlook.ts';
import type { Outlook } from './outlook.ts';
import type { GatewaySeen } from './measure.ts';

/** A region as name servers and gateways are shown it. */
export type RegionShown = {
  readonly name: string;
  readonly state: RegionState;
  readonly weight: number;
  readonly bridgeShare: number;
  readonly bridgeTo: readonly string[];
  readonly capacityPerSecond: number;
  readonly health: { readonly well: boolean; readonly sinceMs: number; readonly reason: string };
  readonly load: number;
  readonly zones: readonly { readonly name: string; readonly gateways: readonly Omit<GatewaySeen, 'region' | 'zone'>[] }[];
  readonly country: string;
  readonly note: string;
};

/** Load moves all the time and is shown in tenths, capacity with two digits, so that a picture is news only when something happened. */
export function showPicture(
  outlook: Outlook,
  notes: ReadonlyMap<string, string>,
  countries: ReadonlyMap<string, string>,
): readonly RegionShown[] {
  return outlook.regions.map((name): RegionShown => {
    const measured = measuredOf(outlook, name);
    const { state, weight, bridgeShare, relief } = directedOf(outlook.course, name);
    const health = outlook.healths.get(name);
    return {
      name,
      state,
      weight: Math.round(weight * relief * 100) / 100,
      bridgeShare,
      bridgeTo: bridgeShare > 0 ? bridgeTo(outlook, name) : [],
      capacityPerSecond: twoDigits(measured.capacityPerSecond),
      health: { well: health?.well ?? true, sinceMs: health?.sinceMs ?? 0, reason: health?.reason ?? '' },
      load: inTenths(measured.load),
      zones: showZones(measured.gateways),
      country: countries.get(name) ?? '',
      note: notes.get(name) ?? '',
    };
  });
}

/** Those that are well; when none is, whoever serves: a refused hand-over is answered where it came from. */
function bridgeTo(outlook: Outlook, region: string): readonly string[] {
  const receivers = receiversFor(outlook, region);
  return receivers.length > 0 ? receivers : outlook.regions.filter((other) => other !== region && isServing(outlook, other));
}

function showZones(gateways: readonly GatewaySeen[]): RegionShown['zones'] {
  const zones = [...Map.groupBy(gateways, ({ zone }) => zone)].sort(([a], [b]) => (a < b ? -1 : 1));
  return zones.map(([name, inZone]) => ({
    name,
    gateways: inZone
      .map(({ address, healthy, load }) => ({ address, healthy, load: inTenths(load) }))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
  }));
}

function inTenths(load: number): number {
  return Math.round(load * 10) / 10;
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}
