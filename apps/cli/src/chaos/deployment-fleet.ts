import { createProcessFleet } from '@bioscope/chaos';
import type { Fleet, Pauses, Supervisor } from '@bioscope/chaos';
import type { FleetClient } from '../fleet/fleet-client.ts';
import type { Member } from '../fleet/fleet.ts';

/** The processes of the running service as experiments see them. */
export function deploymentFleet(client: FleetClient, pauses: Pauses): Fleet {
  const supervisor: Supervisor = {
    list: async () => (await client.members()).map(instanceOf),
    hold: (id, leaseMs) => client.hold(id, leaseMs),
    release: (id) => client.release(id),
    restart: (id) => client.restart(id),
  };
  return createProcessFleet({ supervisor, pauses });
}

function instanceOf({ place, kind, pid, state }: Member): Awaited<ReturnType<Supervisor['list']>>[number] {
  const { name: id, region, zone } = place;
  const group = 'group' in place && typeof place.group === 'string' ? place.group : kind;
  const site = 'site' in place && typeof place.site === 'string' ? place.site : '';
  // Each leads a group of its own: nginx is to stop with the agent that runs it.
  return { id, region, zone, group, site, target: state === 'ready' && pid !== null ? -pid : null };
}
