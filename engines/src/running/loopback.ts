import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Four million addresses: two that were chosen at random at the same time practically never meet. */
const SECOND_PART = { from: 64, to: 128 } as const;
const ATTEMPTS_MAX = 20;

/**
 * Loopback addresses on which these ports are free, one per node: servers of one cluster need equal ports on all nodes, and the usual ports
 * are easiest to recognise. Linux answers on all of 127.0.0.0/8; elsewhere the further addresses must be added to the loopback interface.
 */
export async function freeAddresses(count: number, ports: readonly number[]): Promise<string[]> {
  let trouble: unknown = null;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const last = randomInt(1, 255 - count);
    const network = `127.${randomInt(SECOND_PART.from, SECOND_PART.to)}.${randomInt(0, 256)}`;
    const addresses = Array.from({ length: count }, (_, at) => `${network}.${last + at}`);
    trouble = await listenTrouble(addresses, ports);
    if (trouble === null) return addresses;
  }
  throw new Error(`found no free loopback addresses for the ports ${ports.join(', ')} in ${ATTEMPTS_MAX} attempts`, { cause: trouble });
}

/** Why one of the addresses cannot be listened on, null when all are free. */
export async function listenTrouble(addresses: readonly string[], ports: readonly number[]): Promise<Error | null> {
  for (const host of addresses) {
    for (const port of ports) {
      const trouble = await new Promise<Error | null>((resolve) => {
        const server = createServer();
        server.once('error', resolve);
        server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
      });
      if (trouble !== null) return trouble;
    }
  }
  return null;
}
