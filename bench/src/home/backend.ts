import { AccessService } from '@bioscope/access/contract';
import { catalog } from '@bioscope/catalog';
import { ControlService } from '@bioscope/control/contract';
import { home } from '@bioscope/home';
import { startHost } from '@bioscope/host';
import { IdentityService } from '@bioscope/identity/contract';
import { playback } from '@bioscope/playback';
import { registry } from '@bioscope/registry';
import { RpcError } from '@bioscope/rpc';
import type { Handlers, Rpc, RpcHost } from '@bioscope/rpc';
import { SteeringService } from '@bioscope/steering/contract';
import { createTelemetry } from '@bioscope/telemetry';
import { fillCatalogue, watchAndChoose } from './fill.ts';
import { ground } from './ground.ts';

const REAL = [registry, catalog, playback, home];
const STOOD_IN_FOR = ['access', 'identity', 'control', 'steering'];
/** They only call, to fill the services. */
const CALLERS = ['studio', 'gateway'];

/** The real services of the home page on embedded state, with a catalogue and a member who has watched some of it. Answers where it listens. */
export async function startBackend(folder: string): Promise<string> {
  const telemetry = createTelemetry({ process: 'backend', config: { level: 'warn' } });
  const served = [...REAL.map(({ name }) => name), ...STOOD_IN_FOR];
  const { rpc, picture, given } = await ground({ folder, units: [...served, ...CALLERS], telemetry });
  for (const service of served) picture.pin({ service, address: rpc.address });
  standIns(rpc);
  await startHost({ name: 'backend', units: [...given, ...REAL], environment: { BIOSCOPE_MEMBERS: 'none' }, telemetry });
  const titleIds = await fillCatalogue(rpc);
  await watchAndChoose(rpc, titleIds);
  return rpc.address;
}

type AnyService = Parameters<Rpc['serve']>[0];

/** Of the neighbours only what filling and starting ask of them; a home page asks none of them. */
function standIns(rpc: RpcHost): void {
  standIn(rpc.as('access'), AccessService, { decide: () => ({ outcome: { case: 'granted', value: {} } }) });
  standIn(rpc.as('identity'), IdentityService, {
    listRevocations: () => ({}),
    getProfile: ({ profileId }) => ({ profile: { id: profileId, language: 'en', maturityMax: 18 } }),
  });
  standIn(rpc.as('control'), ControlService, {
    getTokenKeys: () => ({ version: '1', keys: [{ id: 'k1', secret: Buffer.alloc(32, 1), active: true }] }),
  });
  standIn(rpc.as('steering'), SteeringService, {
    rank: () => ({ pathways: [{ id: 'oca-1', baseUrl: 'http://127.0.0.2:8081', usable: true }], ttlS: 10 }),
  });
}

function standIn<S extends AnyService>(rpc: Rpc, service: S, handlers: Partial<Handlers<S>>): void {
  const missing = (): never => {
    throw new RpcError('unimplemented', 'this bench has no such neighbour');
  };
  const rest = Object.fromEntries(service.methods.map(({ localName }) => [localName, missing]));
  // All methods of the service are there now.
  rpc.serve(service, { ...rest, ...handlers } as Handlers<S>, { '*': ['*'] });
}
