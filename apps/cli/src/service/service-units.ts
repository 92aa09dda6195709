import { join } from 'node:path';
import { appliance } from '@bioscope/appliance';
import { discovery } from '@bioscope/discovery';
import type { Unit } from '@bioscope/host';
import { storage } from '@bioscope/storage';
import { isEmbedded } from '../units/engine-settings.ts';
import type { EngineSettings } from '../units/engine-settings.ts';
import { passportsUnit } from '../units/passports.ts';
import { rpcUnit } from '../units/rpc.ts';
import { stateUnit } from '../units/state.ts';
import { APPLIANCE_ADDRESSES } from './ports.ts';
import { loadUnits, UNIT_NAMES } from './units-by-name.ts';

export type ServiceSettings = {
  readonly folder: string;
  readonly rootSecret: string;
  readonly cdnPort: number;
  readonly zone: string;
  readonly region: string;
  readonly engines: EngineSettings;
};

/** Everything, in one process; it is one region, and nobody needs to say so. */
export async function serviceUnits(settings: ServiceSettings): Promise<readonly Unit[]> {
  const { folder, rootSecret, cdnPort, zone, region, engines } = settings;
  const appliances = APPLIANCE_ADDRESSES.map((address, index) => {
    const id = `appliance-${index + 1}`;
    return appliance({ id, address, port: cdnPort, folder: join(folder, 'appliances', id), site: `${region}-${index + 1}`, zone, region });
  });
  const names = UNIT_NAMES.filter((name) => name !== 'regions');
  const units = await loadUnits(names);
  return [
    stateUnit({ folder, secret: rootSecret, engines }),
    rpcUnit({ secret: rootSecret, units: ['discovery', 'storage', 'appliance', ...names], zone, region }),
    passportsUnit({ secret: rootSecret }),
    discovery,
    // Other processes of this machine reach the embedded state through it; clusters they reach themselves.
    ...(isEmbedded(engines) ? [storage] : []),
    ...units.slice(0, -1),
    ...appliances,
    // The gateway.
    ...units.slice(-1),
  ];
}
