import type { HostedUnit, UnitState } from './hosted-unit.ts';
import type { Health } from './unit.ts';

export type UnitReport = { readonly name: string; readonly state: UnitState; readonly ready: boolean; readonly health: Health };
export type HostReport = { readonly ready: boolean; readonly well: boolean; readonly units: readonly UnitReport[] };

/** A unit whose `ready` or `health` throws counts as not ready and ill, with the reason. */
export function report(units: readonly HostedUnit[]): HostReport {
  const reports = units.map(reportUnit);
  return {
    ready: reports.every((unit) => unit.ready),
    well: reports.every((unit) => unit.health.kind === 'well'),
    units: reports,
  };
}

function reportUnit(unit: HostedUnit): UnitReport {
  try {
    return { name: unit.name, state: unit.state(), ready: unit.ready(), health: unit.health() };
  } catch (error) {
    const because = `its check failed: ${error instanceof Error ? error.message : String(error)}`;
    return { name: unit.name, state: unit.state(), ready: false, health: { kind: 'ill', because } };
  }
}
