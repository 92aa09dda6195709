import { create } from '@bufbuild/protobuf';
import { ApplianceSchema, type Appliance } from '@bioscope/control/contract';
import { InstanceSchema, type Instance } from '@bioscope/discovery/contract';
import { RegionNowSchema, type RegionNow } from '@bioscope/regions/contract';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { layOut, type LaidOut } from './lay-out.ts';

const instance = (service: string, instanceId: string, address: string, more: object = {}): Instance =>
  create(InstanceSchema, { service, instanceId, address, region: 'a', zone: '1', ...more });
const appliance = (id: string, more: object = {}): Appliance =>
  create(ApplianceSchema, { id, baseUrl: 'http://127.1.1.11:8081', region: 'a', zone: '1', ...more });
const region = (name: string, zones: readonly string[] = []): RegionNow =>
  create(RegionNowSchema, { region: { name, zones: zones.map((zone) => ({ name: zone, gateways: [{ address: `g${zone}` }] })) } });
const outline = ({ regions }: LaidOut) =>
  regions.map(({ name, now, zones }) => [name, now !== null, zones.map((zone) => zone.name).join()]);

describe('regions as they are laid out', () => {
  it('are all that anybody names, with the zones that anybody names', () => {
    const laidOut = layOut({
      regions: [region('b', ['10', '9'])],
      instances: [instance('graph', 'i1', '127.1.2.3:1', { zone: '2' }), instance('graph', 'i2', '127.1.1.3:1')],
      appliances: [appliance('x', { region: 'b', zone: '1' })],
    });
    assert.deepEqual(outline(laidOut), [
      ['a', false, '1,2'],
      ['b', true, '1,9,10'],
    ]);
    assert.deepEqual(
      laidOut.regions[1]?.zones.map(({ gateways, appliances }) => [gateways.map(({ address }) => address).join(), appliances.length]),
      [
        ['', 1],
        ['g9', 0],
        ['g10', 0],
      ],
    );
  });

  it('show a process once, with all its units and the most that any of them says', () => {
    const { regions } = layOut({
      regions: [],
      instances: [
        instance('web', 'p1', '127.1.1.3:1', { load: 0.2, upMs: 10 }),
        instance('graph', 'p1', '127.1.1.3:1', { load: 0.7, upMs: 20, doubtful: true }),
        instance('graph', 'p2', '127.1.1.3:2'),
      ],
      appliances: [],
    });
    assert.deepEqual(
      regions[0]?.zones[0]?.processes.map(({ id, units, load, upMs, isDoubtful }) => [id, units, load, upMs, isDoubtful]),
      [
        ['p1', ['graph', 'web'], 0.7, 20, true],
        ['p2', ['graph'], 0, 0, false],
      ],
    );
  });

  it('do not tell of an appliance twice, and do tell of one that only discovery knows', () => {
    const instances = [
      instance('chaos', 'p1', '127.1.1.11:1'),
      instance('appliance', 'p2', '127.1.1.12:1'),
      instance('chaos', 'p2', '127.1.1.12:1'),
    ];
    const [found] = layOut({ regions: [], instances, appliances: [appliance('x')] }).regions;
    assert.deepEqual(
      found?.zones[0]?.processes.map(({ id, units }) => [id, units]),
      [['p2', ['appliance']]],
    );
  });

  it('leave out whoever stands in no zone or no region, who is shown beside them', () => {
    const laidOut = layOut({
      regions: [region('a')],
      instances: [
        instance('dns', 'd', '127.1.0.53:1', { zone: 'none' }),
        instance('storage', 's', '127.0.0.10:1', { region: 'none', zone: 'none' }),
      ],
      appliances: [],
    });
    assert.deepEqual(outline(laidOut), [['a', true, '']]);
    assert.deepEqual([laidOut.regions[0]?.processes.map(({ id }) => id), laidOut.outside.map(({ id }) => id)], [['d'], ['s']]);
  });
});
