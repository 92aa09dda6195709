/** Equal on all nodes of a cluster; every node has an address of its own. */
export const CASSANDRA_PORTS = { native: 9042, storage: 7000 } as const;

export type CassandraNode = {
  readonly name: string;
  readonly address: string;
  readonly dataCentre: string;
  readonly rack: string;
  /** Its place on the ring, fixed so that nodes can start together without handing ranges to each other. */
  readonly token: string;
};

export type CassandraLayout = { readonly nodes: readonly CassandraNode[] };

/** Two regions that serve members, and a third that only makes majorities. */
export const DATA_CENTRES = ['region-a', 'region-b', 'witness'] as const;

/** One data centre with a rack per node, or three data centres of one node. Tokens are spread evenly over Murmur3's range. */
export function cassandraLayout(addresses: readonly string[], dataCentres: 1 | 3): CassandraLayout {
  return {
    nodes: addresses.map((address, at) => ({
      name: `cassandra-${at + 1}`,
      address,
      dataCentre: DATA_CENTRES[dataCentres === 1 ? 0 : at] ?? DATA_CENTRES[0],
      rack: dataCentres === 1 ? `rack-${at + 1}` : 'rack-1',
      token: String(-(2n ** 63n) + (2n ** 64n * BigInt(at)) / BigInt(addresses.length)),
    })),
  };
}
