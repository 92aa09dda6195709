import { RegionState } from '@bioscope/regions/contract';
import type { Region, Run } from '@bioscope/regions/contract';
import { table } from '../table.ts';

const STATE_NAMES: Readonly<Record<RegionState, string>> = {
  [RegionState.UNSPECIFIED]: 'unknown',
  [RegionState.SERVING]: 'serving',
  [RegionState.EVACUATING]: 'evacuating',
  [RegionState.EVACUATED]: 'evacuated',
  [RegionState.RESTORING]: 'restoring',
};

/** The regions for a terminal. */
export function regionTable(regions: readonly Region[]): string {
  if (regions.length === 0) return 'no region has said anything yet';
  return table(
    ['region', 'state', 'DNS', 'bridged', 'load', 'gateways', 'health'],
    regions.map((region) => {
      const gateways = region.zones.flatMap((zone) => zone.gateways);
      const { well = false, reason = '' } = region.health ?? {};
      return [
        region.name,
        STATE_NAMES[region.state] ?? 'unknown',
        percent(region.weight),
        region.bridgeShare === 0 ? 'no' : `${percent(region.bridgeShare)} to ${region.bridgeTo.join(', ')}`,
        percent(region.load),
        `${gateways.filter(({ healthy }) => healthy).length} of ${gateways.length}`,
        [well ? 'well' : reason, region.note].filter((text) => text !== '').join('; '),
      ];
    }),
  );
}

/** What became of a run, after its steps were told. */
export function runReport({ kind, region, outcome, verification, startedAtMs, endedAtMs }: Run): string {
  const words = kind === 'evacuate' ? `evacuation of ${region}` : `return of ${region}`;
  const seconds = Math.round((endedAtMs - startedAtMs) / 1_000);
  const lines = [`${words}: ${outcome === 'done' ? 'done' : outcome.replaceAll('_', ' ')} after ${seconds} s`];
  if (verification !== undefined) lines.push(verification.text);
  return lines.join('\n');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
