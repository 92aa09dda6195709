import type { ConnectionOptions } from 'node:tls';

export type CassandraKvOptions = {
  /** `host` or `host:port` of some nodes; the others are found through them. */
  readonly contactPoints: readonly string[];
  /** The data centre (= region) that this process is in: its nodes are spoken to, its replicas make a local quorum. */
  readonly localDataCentre: string;
  /** Made when missing. Default: `bioscope`. */
  readonly keyspace?: string;
  /** Copies per data centre of a keyspace that is made. Default: in every data centre found, three or as many as it has nodes. */
  readonly replicas?: Readonly<Record<string, number>>;
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly tls?: ConnectionOptions;
  /** Milliseconds since the epoch: for tokens too far ahead, times to live and `recordedAtMs`; never for leases. */
  readonly clock?: () => number;
  /** How far a put must have come before it is acknowledged, and where a read asks. Default: `local-quorum` for every namespace. */
  readonly itemConsistency?: (namespace: string) => ItemConsistency;
  /** Whether the registers and streams of a namespace are decided in one region at a time instead of by a majority of all. Default: none. */
  readonly isLocal?: (namespace: string) => boolean;
  /** How long a region goes on deciding for a local namespace without having confirmed that it may. Default: 10 s. */
  readonly homeLeaseMs?: number;
  /** How long an announced append may stay away before it is ruled out for good. Default 90 s; at least 60 s, the longest deadline of a call. */
  readonly closeIntentsAfterMs?: number;
  /** How often to look for parts of large values that no item names any more. Default: 1 h. */
  readonly sweepEveryMs?: number;
  /** How long such parts are kept. Default: 24 h; less than a minute would take parts from puts under way. */
  readonly orphansKeptMs?: number;
  /** Told of failures that the store rode out. */
  readonly onTrouble?: (error: unknown) => void;
};

export const ITEM_CONSISTENCIES = ['local-one', 'local-quorum', 'quorum', 'each-quorum'] as const;
/**
 * `local-one`: fast, may lose the newest writes with a node. `local-quorum`: survives any minority of the region's nodes; other regions
 * follow. `quorum`, `each-quorum`: survives the loss of a region; needs a majority of all copies, or of each region's.
 */
export type ItemConsistency = (typeof ITEM_CONSISTENCIES)[number];
