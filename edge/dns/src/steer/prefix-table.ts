import { bitAt } from './network.ts';
import type { Network } from './network.ts';
import type { ClientNetwork } from './port.ts';

/**
 * What a table says of a client, as one number, so that a look-up makes no garbage: `valueOf` is the index of what was found, -1 for nothing; `depthOf` is how many
 * leading bits of the address were looked at, which is the prefix length for which the finding holds (RFC 7871 7.2.1).
 */
export type Found = number;

export type PrefixTable = { find(client: Pick<ClientNetwork, 'family' | 'address' | 'sourcePrefix'>): Found };

const DEPTHS = 256;

export function found(value: number, depth: number): Found {
  return (value + 1) * DEPTHS + depth;
}
export function valueOf(finding: Found): number {
  return Math.floor(finding / DEPTHS) - 1;
}
export function depthOf(finding: Found): number {
  return finding % DEPTHS;
}

/** 20,000 prefixes of 128 bits would be 2.5 million nodes of 12 bytes. */
const NODES_MAX = 4_000_000;
const NODES_AT_FIRST = 1_024;

/** Longest match over a binary tree in one typed array. The value of a network is its index in `networks`; of equal ones the last counts. */
export function compilePrefixes(networks: readonly Network[]): PrefixTable {
  // Per node: left, right (0: nothing there), value + 1 (0: none). Nodes 0 and 1 are the roots of the two families.
  let nodes = new Int32Array(NODES_AT_FIRST * 3);
  let count = 2;

  function grown(): number {
    if (count >= NODES_MAX) throw new RangeError(`the networks need more than ${NODES_MAX} nodes; give fewer or shorter prefixes`);
    if ((count + 1) * 3 > nodes.length) {
      const larger = new Int32Array(nodes.length * 2);
      larger.set(nodes);
      nodes = larger;
    }
    count += 1;
    return count - 1;
  }

  for (const [value, { family, address, prefix }] of networks.entries()) {
    let node = family - 1;
    for (let bit = 0; bit < prefix; bit += 1) {
      const side = node * 3 + bitAt(address, bit);
      const next = nodes[side] ?? 0;
      node = next === 0 ? grown() : next;
      if (next === 0) nodes[side] = node;
    }
    nodes[node * 3 + 2] = value + 1;
  }
  const compiled = nodes.slice(0, count * 3);

  return {
    find({ family, address, sourcePrefix }) {
      let node = family - 1;
      let value = 0;
      // Bits that the resolver keeps to itself are 0 in the address: they say how deep the tree is there, but choose nothing.
      for (let bit = 0; ; bit += 1) {
        if (bit <= sourcePrefix) value = compiled[node * 3 + 2] || value;
        if (bit === address.length * 8) return found(value - 1, bit);
        const next = compiled[node * 3 + bitAt(address, bit)] ?? 0;
        // The bit that led nowhere was looked at too, unless there was nothing on either side.
        if (next === 0) return found(value - 1, isLeaf(node) ? bit : bit + 1);
        node = next;
      }
    },
  };

  function isLeaf(node: number): boolean {
    return compiled[node * 3] === 0 && compiled[node * 3 + 1] === 0;
  }
}
