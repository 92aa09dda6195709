import { join } from 'node:path';
import { chaosUnit, readConfig as readChaosConfig } from '@bioscope/chaos';
import type { Faults } from '@bioscope/chaos';
import type { Unit } from '@bioscope/host';
import type { Pinned } from '@bioscope/rpc';
import { placesOf } from '@bioscope/topology';
import type { AppliancePlace, Deployment, GroupPlace, Place } from '@bioscope/topology';
import { loadUnits } from '../service/units-by-name.ts';
import type { UnitName } from '../service/units-by-name.ts';
import { isEmbedded } from '../units/engine-settings.ts';
import type { EngineSettings } from '../units/engine-settings.ts';
import { passportsUnit } from '../units/passports.ts';
import { rpcUnit } from '../units/rpc.ts';
import type { StateSettings } from '../units/state.ts';
import { COPIES_FOLDER } from './folders.ts';
import { kindOf } from './place-kind.ts';

export type ProcessSettings = {
  readonly folder: string;
  readonly rootSecret: string;
  readonly deployment: Deployment;
  readonly place: Place;
  /** Of this start; two starts of a place may overlap. */
  readonly name: string;
  /** For a group or an instance added by hand. */
  readonly units: readonly UnitName[];
  readonly engines: EngineSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** The units of one process of several: what the place is there for, and what that needs. */
export async function processUnits(settings: ProcessSettings): Promise<readonly Unit[]> {
  const { deployment, place } = settings;
  const faults = readChaosConfig(settings.environment).isAllowed ? await faultsOf(settings) : undefined;
  const { names, port = 0, units } = await contentOf(settings);
  const rpc = rpcUnit({
    secret: settings.rootSecret,
    units: faults === undefined ? names : [...names, 'chaos'],
    zone: place.zone,
    region: place.region,
    listen: { host: place.address, port },
    registries: registriesOf(deployment),
    ...(faults === undefined ? {} : { faults }),
  });
  return [rpc, ...units, ...(faults === undefined ? [] : [chaosUnit({ faults })])];
}

type Content = {
  /** As which they call and serve. */
  readonly names: readonly string[];
  /** Of the RPC listener; absent: any free one. */
  readonly port?: number;
  readonly units: readonly Unit[];
};

/** Each process loads what it hosts, and nothing else: a few dozen share one machine's memory. */
async function contentOf(settings: ProcessSettings): Promise<Content> {
  const { folder, rootSecret: secret, deployment, place, units, engines } = settings;
  const kind = kindOf(deployment, place);
  if (kind === 'discovery') {
    const { discoveryUnit } = await import('@bioscope/discovery');
    const peers = registriesOf(deployment).map(({ address }) => address);
    return { names: ['discovery'], port: deployment.ports.rpc, units: [discoveryUnit({ peers })] };
  }
  if (kind === 'storage') {
    const { storage } = await import('@bioscope/storage');
    return { names: ['storage'], units: [await embeddedOrClusters({ folder, secret, engines }), storage] };
  }
  if (isAppliance(place)) {
    const { appliance } = await import('@bioscope/appliance');
    const { name: id, address, site, zone, region } = place;
    const own = { id, address, port: deployment.ports.cdn, folder: join(folder, 'appliances', id), site, zone, region };
    return { names: ['appliance'], units: [appliance(own)] };
  }
  if (kind === 'dns') {
    const { dns } = await import('@bioscope/dns');
    return { names: ['dns'], units: [dns] };
  }
  const state = await stateOf({ folder, secret, engines }, settings.name);
  return { names: ['state', ...units], units: [state, passportsUnit({ secret }), ...(await loadUnits(units))] };
}

async function faultsOf({ deployment, place }: ProcessSettings): Promise<Faults> {
  const { createFaults } = await import('@bioscope/chaos');
  const { region, zone } = place;
  const group = isGroup(place) ? place.group : kindOf(deployment, place);
  return createFaults({ self: { region, zone, group }, random: Math.random, nowMs: () => performance.now() });
}

/** The embedded state lies with the storage process; clusters are reached from everywhere. */
async function stateOf(settings: StateSettings, name: string): Promise<Unit> {
  if (!isEmbedded(settings.engines)) return await embeddedOrClusters(settings);
  const { remoteStateUnit } = await import('@bioscope/storage/client');
  // Emptied by each process at its start: one of its own.
  return remoteStateUnit({ folder: join(settings.folder, COPIES_FOLDER, name) });
}

async function embeddedOrClusters(settings: StateSettings): Promise<Unit> {
  const { stateUnit } = await import('../units/state.ts');
  return stateUnit(settings);
}

/** The place of that name; undefined when the deployment has none. */
export function findPlace(deployment: Deployment, name: string): Place | undefined {
  return placesOf(deployment).find((place) => place.name === name);
}

export function isGroup(place: Place): place is GroupPlace {
  return 'group' in place;
}

export function isAppliance(place: Place): place is AppliancePlace {
  return 'site' in place;
}

export function registriesOf({ regions, ports }: Deployment): readonly Omit<Pinned, 'service'>[] {
  return regions.flatMap(({ zones }) =>
    zones.map(({ discovery: { address, zone, region } }) => ({ address: `${address}:${ports.rpc}`, zone, region })),
  );
}
