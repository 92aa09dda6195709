import { freeAddresses, listenTrouble } from './loopback.ts';

/** The wished addresses when all are free, else random free ones. */
export async function chooseAddresses(wished: readonly string[] | undefined, count: number, ports: readonly number[]): Promise<string[]> {
  const first = wished?.slice(0, count) ?? [];
  if (first.length === count && (await listenTrouble(first, ports)) === null) return first;
  return await freeAddresses(count, ports);
}

/** Rejects when a remembered address is taken: clients and, in a cluster, the other nodes know it. */
export async function refuseTaken(what: string, addresses: readonly string[], ports: readonly number[]): Promise<void> {
  const trouble = await listenTrouble(addresses, ports);
  if (trouble !== null) throw new Error(`${what} cannot use its addresses: ${trouble.message}`, { cause: trouble });
}
