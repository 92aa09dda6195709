import { createServer } from 'node:net';
import { Complaint } from '../command.ts';
import { PORT_MAX } from '../config.ts';

/** Where the delivery servers of one machine listen: addresses of their own, one port. */
export const APPLIANCE_ADDRESSES = ['127.0.0.2', '127.0.0.3'] as const;
export const GATEWAY_ADDRESS = '127.0.0.1';
const PICKS_MAX = 50;

export type ServicePorts = { readonly gateway: number; readonly cdn: number };

/**
 * Ports that are free now. Port 0 asks for any. Complains, naming the option or variable to change, when one is taken. Somebody may still
 * take it before we listen: then the unit's own error says so.
 */
export async function choosePorts(wanted: { gateway: number; cdn: number | undefined }): Promise<ServicePorts> {
  if (wanted.gateway !== 0) return await givenPorts(wanted.gateway, wanted.cdn ?? wanted.gateway + 1);
  for (let picks = 0; picks < PICKS_MAX; picks++) {
    const gateway = await anyPort(GATEWAY_ADDRESS);
    const cdn = wanted.cdn ?? gateway + 1;
    if (gateway !== null && cdn !== gateway && (await cdnIsFree(cdn))) return { gateway, cdn };
    if (wanted.cdn !== undefined) break;
  }
  throw new Complaint(wanted.cdn === undefined ? 'found no free ports' : `port ${wanted.cdn} (BIOSCOPE_CDN_PORT) is in use`);
}

async function givenPorts(gateway: number, cdn: number): Promise<ServicePorts> {
  if (cdn > PORT_MAX)
    throw new Complaint(`the delivery servers would take port ${cdn}, which does not exist: choose another with --port N`);
  if (cdn === gateway) throw new Complaint(`BIOSCOPE_CDN_PORT is ${cdn}, the same as --port: choose two different ports`);
  const trouble = await listenTrouble(GATEWAY_ADDRESS, gateway);
  if (trouble !== null) throw new Complaint(`port ${gateway} ${explain(trouble)}: choose another with --port N`);
  if (!(await cdnIsFree(cdn))) {
    throw new Complaint(
      `port ${cdn} of the delivery servers (${APPLIANCE_ADDRESSES.join(', ')}) is in use: choose others with --port N or BIOSCOPE_CDN_PORT`,
    );
  }
  return { gateway, cdn };
}

async function cdnIsFree(port: number): Promise<boolean> {
  if (port === 0 || port > PORT_MAX) return false;
  for (const address of APPLIANCE_ADDRESSES) {
    if ((await listenTrouble(address, port)) !== null) return false;
  }
  return true;
}

function explain(code: string): string {
  return code === 'EACCES' ? 'may only be used by root' : 'is in use';
}

/** Null when the port can be listened on; else the system's error code. */
export function listenTrouble(address: string, port: number): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const server = createServer();
  server.once('error', (error) => resolve('code' in error && typeof error.code === 'string' ? error.code : 'unknown'));
  server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(null)));
  return promise;
}

/** A port that is free on the address now. */
export async function anyPort(address: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', reject);
  server.listen(0, address, () => {
    const bound = server.address();
    server.close(() => resolve(bound !== null && typeof bound === 'object' ? bound.port : 0));
  });
  return await promise;
}
