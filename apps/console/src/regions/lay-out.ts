import type { Appliance } from '@bioscope/control/contract';
import type { Instance } from '@bioscope/discovery/contract';
import type { Gateway, RegionNow } from '@bioscope/regions/contract';

/** All units that one start of one process serves. */
export type Process = {
  readonly id: string;
  readonly address: string;
  readonly units: readonly string[];
  /** 0 idle to 1 saturated. */
  readonly load: number;
  readonly upMs: number;
  readonly isDoubtful: boolean;
};

export type ZoneLaidOut = {
  readonly name: string;
  readonly gateways: readonly Gateway[];
  readonly processes: readonly Process[];
  readonly appliances: readonly Appliance[];
};

export type RegionLaidOut = {
  readonly name: string;
  /** Null where nobody watches over regions, or does not know this one. */
  readonly now: RegionNow | null;
  readonly zones: readonly ZoneLaidOut[];
  /** For the whole region: in none of its zones. */
  readonly processes: readonly Process[];
};

export type LaidOut = {
  readonly regions: readonly RegionLaidOut[];
  /** In no region. */
  readonly outside: readonly Process[];
};

export type Found = {
  readonly regions: readonly RegionNow[];
  readonly instances: readonly Instance[];
  readonly appliances: readonly Appliance[];
};

/** What a place that is in no region or zone calls its own. */
const NOWHERE: readonly string[] = ['', 'none'];

/** Puts what three services know into one order: regions and zones by name, whoever named them. */
export function layOut({ regions, instances, appliances }: Found): LaidOut {
  const processes = processesOf(instances, appliances);
  const names = [
    ...regions.flatMap(({ region }) => region?.name ?? []),
    ...processes.map(({ region }) => region),
    ...appliances.map(({ region }) => region),
  ];
  return {
    regions: namesIn(names).map((name) => layOutRegion(name, { regions, processes, appliances })),
    outside: processes.filter(({ region }) => NOWHERE.includes(region)),
  };
}

type Placed = Process & Pick<Instance, 'region' | 'zone'>;

function layOutRegion(
  name: string,
  all: { regions: Found['regions']; processes: readonly Placed[]; appliances: Found['appliances'] },
): RegionLaidOut {
  const now = all.regions.find(({ region }) => region?.name === name) ?? null;
  const processes = all.processes.filter(({ region }) => region === name);
  const appliances = all.appliances.filter(({ region }) => region === name);
  const known = now?.region?.zones ?? [];
  const zones = [...known.map((zone) => zone.name), ...[...processes, ...appliances].map(({ zone }) => zone)];
  return {
    name,
    now,
    zones: namesIn(zones).map((zone) => ({
      name: zone,
      gateways: known.find((each) => each.name === zone)?.gateways ?? [],
      processes: processes.filter((each) => each.zone === zone),
      appliances: appliances.filter((each) => each.zone === zone).sort((one, other) => compare(one.id, other.id)),
    })),
    processes: processes.filter(({ zone }) => NOWHERE.includes(zone)),
  };
}

/** Where faults may be ordered every process has it: that says nothing of what it is there for. */
const EVERYWHERE = 'chaos';

/** The process of an appliance is not told a second time where the appliance itself is shown. */
function processesOf(instances: readonly Instance[], appliances: readonly Appliance[]): readonly Placed[] {
  const shown = new Set(appliances.map(({ baseUrl }) => hostOf(baseUrl)));
  const processes = [...Map.groupBy(instances, ({ instanceId }) => instanceId)].flatMap(([id, [first, ...others]]) => {
    if (first === undefined) return [];
    const all = [first, ...others];
    const units = namesIn(all.map(({ service }) => service)).filter((name) => name !== EVERYWHERE);
    // It calls, and serves nothing.
    if (units.every((name) => name === 'appliance') && shown.has(hostOf(`http://${first.address}`))) return [];
    const { address, region, zone } = first;
    const most = (of: (each: Instance) => number): number => Math.max(...all.map(of));
    return [
      {
        id,
        address,
        units,
        region,
        zone,
        load: most(({ load }) => load),
        upMs: most(({ upMs }) => upMs),
        isDoubtful: all.some(({ doubtful }) => doubtful),
      },
    ];
  });
  return processes.sort((one, other) => compare(one.address, other.address) || compare(one.id, other.id));
}

function namesIn(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => !NOWHERE.includes(name)).sort(compare);
}

function hostOf(url: string): string {
  return URL.parse(url)?.hostname ?? url;
}

/** "127.1.10.1" after "127.1.9.1". */
function compare(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
