import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPauses } from '@bioscope/chaos';
import { layOut, placesOf } from '@bioscope/topology';
import type { FleetClient } from '../fleet/fleet-client.ts';
import type { Member } from '../fleet/fleet.ts';
import { deploymentFleet } from './deployment-fleet.ts';

const PLACES = placesOf(layOut({ regions: 2, zones: 3, ports: { gateway: 1, https: 6, cdn: 2, dns: 3, rpc: 4, memcached: 5 } }));

function clientOf(members: readonly Member[], told: string[]): FleetClient {
  const tell = (what: string) => async (place: string) => void told.push(`${what} ${place}`);
  return {
    members: async () => members,
    kill: tell('kill'),
    hold: tell('hold'),
    release: tell('release'),
    restart: tell('restart'),
    restartAll: async () => undefined,
  };
}

describe('the fleet of a deployment', () => {
  it('knows every process by region, zone, group and site, as experiments name them', async () => {
    const kinds = { storage: 'storage', memcached: 'memcached', discovery: 'discovery', dns: 'dns' } as const;
    const members = PLACES.map((place): Member => {
      const named = Object.entries(kinds).find(([name]) => place.name.endsWith(name))?.[1];
      const kind = named ?? ('site' in place ? 'appliance' : 'group');
      return { place, kind, name: place.name, pid: null, state: 'down', deaths: 0, operations: '' };
    });
    const told: string[] = [];
    const fleet = deploymentFleet(clientOf(members, told), createPauses());
    const found = new Map((await fleet.list()).map((each) => [each.id, each]));
    const here = { region: 'a', zone: '1', state: 'down' };
    assert.deepEqual(found.get('a-1-play'), { ...here, id: 'a-1-play', group: 'play', site: '' });
    assert.deepEqual(found.get('a-1-appliance-1'), { ...here, id: 'a-1-appliance-1', group: 'appliance', site: 'a-site-1' });
    assert.deepEqual(found.get('a-1-discovery')?.group, 'discovery');
    assert.deepEqual([found.get('storage')?.group, found.get('a-dns')?.group], ['storage', 'dns']);
    await fleet.hold('a-1-play', 1_000);
    await fleet.release('a-1-play');
    assert.deepEqual(told, ['hold a-1-play', 'release a-1-play']);
  });
});
