import { ADDRESSES, layOut, placesOf } from '@bioscope/topology';
import type { DeploymentPorts, DeploymentShape } from '@bioscope/topology';
import { Complaint } from '../command.ts';
import { PORT_MAX } from '../config.ts';
import { anyPort, listenTrouble } from '../service/ports.ts';

const PICKS_MAX = 50;

/** The gateways' port and the ones after it, free on every address of the deployment. Port 0 asks for any. Complains, naming the option to change. */
export async function chooseDeploymentPorts(shape: Omit<DeploymentShape, 'ports'>, gateway: number): Promise<DeploymentPorts> {
  if (gateway !== 0) {
    const trouble = await troubleWith(shape, portsFrom(gateway));
    if (trouble !== null) throw new Complaint(`${trouble}: choose other ports with --port N`);
    return portsFrom(gateway);
  }
  for (let picks = 0; picks < PICKS_MAX; picks++) {
    const ports = portsFrom((await anyPort(ADDRESSES.entrance)) ?? 0);
    if ((await troubleWith(shape, ports)) === null) return ports;
  }
  throw new Complaint('found no free ports');
}

function portsFrom(gateway: number): DeploymentPorts {
  return { gateway, cdn: gateway + 1, dns: gateway + 2, rpc: gateway + 3, memcached: gateway + 4, https: gateway + 5 };
}

async function troubleWith(shape: Omit<DeploymentShape, 'ports'>, ports: DeploymentPorts): Promise<string | null> {
  if (ports.https > PORT_MAX) return `ports ${ports.gateway} to ${ports.https} do not all exist`;
  const addresses = [ADDRESSES.entrance, ...placesOf(layOut({ ...shape, ports })).map(({ address }) => address)];
  for (const address of addresses) {
    for (const port of Object.values(ports)) {
      if ((await listenTrouble(address, port)) !== null) return `port ${port} on ${address} is in use`;
    }
  }
  return null;
}
