import { join } from 'node:path';
import { access } from '@bioscope/access';
import { appliance } from '@bioscope/appliance';
import { billing } from '@bioscope/billing';
import { catalog } from '@bioscope/catalog';
import { consoleUnit } from '@bioscope/console';
import { control } from '@bioscope/control';
import { discovery } from '@bioscope/discovery';
import { gateway } from '@bioscope/gateway';
import { graph } from '@bioscope/graph-gateway';
import type { Unit } from '@bioscope/host';
import { home } from '@bioscope/home';
import { identity } from '@bioscope/identity';
import { mail } from '@bioscope/mail';
import { membership } from '@bioscope/membership';
import { plans } from '@bioscope/plans';
import { playback } from '@bioscope/playback';
import { registry } from '@bioscope/registry';
import { steering } from '@bioscope/steering';
import { storage } from '@bioscope/storage';
import { strings } from '@bioscope/strings';
import { studio } from '@bioscope/studio';
import { web } from '@bioscope/web';
import type { EngineSettings } from '../units/engine-settings.ts';
import { passportsUnit } from '../units/passports.ts';
import { rpcUnit } from '../units/rpc.ts';
import { stateUnit } from '../units/state.ts';
import { APPLIANCE_ADDRESSES } from './ports.ts';

export type ServiceSettings = {
  readonly folder: string;
  readonly rootSecret: string;
  readonly cdnPort: number;
  readonly zone: string;
  readonly region: string;
  readonly engines: EngineSettings;
};

/** By the names under which they call each other. */
const RPC_UNITS = [
  'discovery',
  'storage',
  'registry',
  'mail',
  'identity',
  'plans',
  'membership',
  'billing',
  'access',
  'catalog',
  'studio',
  'playback',
  'home',
  'strings',
  'graph',
  'control',
  'steering',
  'appliance',
  'web',
  'console',
  'gateway',
] as const;

/** Everything, in one process. The gateway comes last, so that it opens when those behind it run, and drains first. */
export function serviceUnits({ folder, rootSecret, cdnPort, zone, region, engines }: ServiceSettings): readonly Unit[] {
  const appliances = APPLIANCE_ADDRESSES.map((address, index) => {
    const id = `appliance-${index + 1}`;
    return appliance({ id, address, port: cdnPort, folder: join(folder, 'appliances', id), site: `${region}-${index + 1}`, zone, region });
  });
  return [
    stateUnit({ folder, secret: rootSecret, engines }),
    rpcUnit({ secret: rootSecret, units: RPC_UNITS, zone, region }),
    passportsUnit({ secret: rootSecret }),
    discovery,
    // Other processes of this machine reach the embedded state through it; clusters they reach themselves.
    ...(isEmbedded(engines) ? [storage] : []),
    registry,
    mail,
    identity,
    plans,
    membership,
    billing,
    access,
    catalog,
    control,
    steering,
    studio,
    playback,
    home,
    strings,
    graph,
    ...appliances,
    web,
    consoleUnit,
    gateway,
  ];
}

function isEmbedded({ cassandra, kafka, s3 }: EngineSettings): boolean {
  return cassandra === undefined && kafka === undefined && s3 === undefined;
}
