import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';

import { assert as check, integer, property } from 'fast-check';

import { REGIONS_MAX, ZONES_MAX } from './addresses.ts';
import { layOut, placesOf } from './deployment.ts';
import { GROUP_NAMES } from './groups.ts';

const PORTS = { gateway: 8080, https: 8443, cdn: 8081, dns: 8053, rpc: 8090, memcached: 11211 };

test('two regions of three zones have four groups, a memcached and a discovery in every zone, and all that is reached by address stands alone on it', () => {
  const deployment = layOut({ regions: 2, zones: 3, ports: PORTS });
  const names = placesOf(deployment).map(({ name }) => name);
  for (const region of ['a', 'b']) {
    for (const zone of ['1', '2', '3']) {
      for (const what of [...GROUP_NAMES, 'memcached', 'discovery']) assert(names.includes(`${region}-${zone}-${what}`));
    }
    assert(names.includes(`${region}-dns`));
  }
  assert.equal(deployment.regions[1]?.zones[2]?.groups.find(({ group }) => group === 'edge')?.address, '127.2.3.1');
});

test('whatever the shape, names and addresses are unique, and every client network belongs to one region only', () => {
  check(
    property(integer({ min: 1, max: REGIONS_MAX }), integer({ min: 1, max: ZONES_MAX }), (regions, zones) => {
      const deployment = layOut({ regions, zones, ports: PORTS });
      const places = placesOf(deployment);
      assert.equal(new Set(places.map(({ name }) => name)).size, places.length);
      assert.equal(new Set(places.map(({ address }) => address)).size, places.length);
      for (const one of deployment.regions) {
        const clients = new BlockList();
        for (const network of one.clients) clients.addSubnet(network.split('/')[0] ?? '', Number(network.split('/')[1]), 'ipv4');
        for (const other of deployment.regions) {
          const first = other.clients[0]?.replace(/0\/.*/, '1') ?? '';
          assert.equal(clients.check(first), one === other);
        }
        assert(!places.some(({ address }) => clients.check(address)));
      }
    }),
  );
});

test("a partner's site takes its own clients only, and they are clients of its region too", () => {
  const [region] = layOut({ regions: 1, zones: 3, ports: PORTS }).regions;
  const partner = region?.sites.find(({ isPartner }) => isPartner);
  assert.deepEqual(partner?.clients, ['127.101.200.0/24']);
  assert.equal(region?.zones[2]?.appliances[0]?.site, partner.name);
});

test('shapes that do not fit are refused with the bounds', () => {
  assert.throws(() => layOut({ regions: 0, zones: 1, ports: PORTS }), /0 regions: use 1 to 26/);
  assert.throws(() => layOut({ regions: 1, zones: 10, ports: PORTS }), /10 zones: use 1 to 9/);
});
