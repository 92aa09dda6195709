import { AccessService } from '@bioscope/access/contract';
import { ControlService } from '@bioscope/control/contract';
import { IdentityService } from '@bioscope/identity/contract';
import { RpcError } from '@bioscope/rpc';
import type { Handlers, Rpc, RpcHost } from '@bioscope/rpc';
import { SteeringService } from '@bioscope/steering/contract';

export const STOOD_IN_FOR = ['access', 'identity', 'control', 'steering'];

/** Of the neighbours only what filling and starting ask of them; a home page asks none of them. */
export function standIns(rpc: RpcHost): void {
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

type AnyService = Parameters<Rpc['serve']>[0];

function standIn<S extends AnyService>(rpc: Rpc, service: S, handlers: Partial<Handlers<S>>): void {
  const missing = (): never => {
    throw new RpcError('unimplemented', 'this bench has no such neighbour');
  };
  const rest = Object.fromEntries(service.methods.map(({ localName }) => [localName, missing]));
  // All methods of the service are there now.
  rpc.serve(service, { ...rest, ...handlers } as Handlers<S>, { '*': ['*'] });
}
