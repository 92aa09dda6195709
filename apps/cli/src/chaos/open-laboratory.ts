import { CONTROLLER, createController, createPauses } from '@bioscope/chaos';
import type { Controller, Fleet } from '@bioscope/chaos';
import type { Rpc } from '@bioscope/rpc';
import type { Deployment } from '@bioscope/topology';
import type { Invocation } from '../command.ts';
import { fleetOf } from '../fleet/fleet-of.ts';
import { deploymentOf, joinFleet } from '../fleet/fleet-rpc.ts';
import { deploymentFleet } from './deployment-fleet.ts';

/** All that experiments need of the running service. Whatever was paused goes on when it is disposed of. */
export type Laboratory = AsyncDisposable & {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly fleet: Fleet;
  readonly controller: Controller;
  /** As the unit `cli`, past the gateways. */
  readonly rpc: Rpc;
};

/** Complains when the service does not run in regions, or takes no faults. */
export async function openLaboratory(invocation: Pick<Invocation, 'options' | 'environment'>): Promise<Laboratory> {
  const client = fleetOf(invocation);
  const { folder, deployment, secrets } = deploymentOf(invocation);
  await using opened = new AsyncDisposableStack();
  const joined = opened.use(await joinFleet({ deployment, secrets, environment: invocation.environment, units: [CONTROLLER, 'cli'] }));
  const { host, picture } = joined;
  const addresses = async (): Promise<readonly string[]> => picture.instances('chaos').map(({ address }) => address);
  const controller = opened.adopt(createController({ rpc: host.as(CONTROLLER), addresses }), (each) => each.close());
  const pauses = opened.adopt(createPauses(), (each) => each.close());
  await joined.untilServed('chaos', 'no process takes faults: start the service with BIOSCOPE_CHAOS=1');
  const disposing = opened.move();
  return {
    folder,
    deployment,
    fleet: deploymentFleet(client, pauses),
    controller,
    rpc: host.as('cli'),
    [Symbol.asyncDispose]: () => disposing.disposeAsync(),
  };
}
