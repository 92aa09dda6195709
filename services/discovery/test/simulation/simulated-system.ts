import { createNetwork } from './network.ts';
import type { Network } from './network.ts';
import { startCopy } from './simulated-copy.ts';
import type { SimulatedCopy } from './simulated-copy.ts';
import { startProcess } from './simulated-process.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

/** A copy and the same number of processes in each zone. */
export type SimulatedSystem = {
  readonly world: World;
  readonly network: Network;
  readonly copies: readonly SimulatedCopy[];
  readonly processes: readonly SimulatedProcess[];
  /** Cuts a place off from all others, or only from those outside its zone. */
  isolate(place: string): void;
  isolateZone(zone: string): void;
};

export function startSystem({ seed, zones, processesPerZone }: { seed: number; zones: number; processesPerZone: number }): SimulatedSystem {
  const world = createWorld(seed);
  const network = createNetwork(world);
  const names = Array.from({ length: zones }, (_, n) => String(n + 1));
  const places = names.map((zone) => ({ address: `copy-${zone}`, zone }));
  const addresses = places.map((place) => place.address);
  const copies = addresses.map((address) => startCopy(world, network, address, addresses));
  const processes = names.flatMap((zone) =>
    Array.from({ length: processesPerZone }, (_, n) => {
      const instanceId = `process-${zone}-${n}`;
      return startProcess(world, network, { instanceId, zone, address: instanceId, copies: places });
    }),
  );
  const all = [...places, ...processes.map(({ instanceId, zone }) => ({ address: instanceId, zone }))];

  function cutFrom(place: string, isOutside: (zone: string) => boolean): void {
    for (const other of all) if (other.address !== place && isOutside(other.zone)) network.cut(place, other.address);
  }

  return {
    world,
    network,
    copies,
    processes,
    isolate: (place) => cutFrom(place, () => true),
    isolateZone(zone) {
      for (const place of all) if (place.zone === zone) cutFrom(place.address, (other) => other !== zone);
    },
  };
}
