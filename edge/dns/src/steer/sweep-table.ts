import { bitAt } from './network.ts';
import type { Network } from './network.ts';
import type { AddressFamily } from './port.ts';
import { depthOf, valueOf } from './prefix-table.ts';
import type { PrefixTable } from './prefix-table.ts';

/** A network and what `labelOf` says of it. */
export type Labelled<T> = { readonly network: Network; readonly label: T };

/** Every network of both families would be 2^24 look-ups at most in tables of /24s and /48s; real ones have about a million. */
const FINDS_MAX = 20_000_000;

/**
 * All networks of a table in the order of their addresses, neighbours with the same label joined. `labelOf` gets the finding's value (-1: not known) and the network; equal labels must be
 * identical (`===`).
 */
export function sweepTable<T>(
  table: PrefixTable,
  family: AddressFamily,
  labelOf: (value: number, network: Network) => T,
): readonly Labelled<T>[] {
  const bytes = family === 1 ? 4 : 16;
  const joined: Labelled<T>[] = [];
  let address: Uint8Array | null = new Uint8Array(bytes);
  for (let finds = 0; address !== null; finds += 1) {
    if (finds >= FINDS_MAX) throw new RangeError(`the table has more than ${FINDS_MAX} networks`);
    const finding = table.find({ family, address, sourcePrefix: bytes * 8 });
    const network: Network = { family, address, prefix: depthOf(finding) };
    join(joined, { network, label: labelOf(valueOf(finding), network) });
    address = after(network);
  }
  return joined;
}

/** Puts a network behind the others, and makes one of two halves for as long as there are two. */
function join<T>(joined: Labelled<T>[], last: Labelled<T>): void {
  let right = last;
  for (;;) {
    const left = joined.at(-1);
    const { prefix } = right.network;
    const areHalves = left !== undefined && left.label === right.label && left.network.prefix === prefix && prefix > 0;
    if (!areHalves || bitAt(left.network.address, prefix - 1) !== 0 || bitAt(right.network.address, prefix - 1) !== 1) break;
    joined.pop();
    right = { network: { ...left.network, prefix: prefix - 1 }, label: right.label };
  }
  joined.push(right);
}

/** The first address behind a network; null behind the last. */
function after({ address, prefix }: Network): Uint8Array | null {
  const next = address.slice();
  for (let bit = prefix - 1; bit >= 0; bit -= 1) {
    const mask = 128 >> (bit & 7);
    const byte = bit >> 3;
    if (bitAt(next, bit) === 0) {
      next[byte] = (next[byte] ?? 0) | mask;
      return next;
    }
    next[byte] = (next[byte] ?? 0) & ~mask;
  }
  return null;
}
