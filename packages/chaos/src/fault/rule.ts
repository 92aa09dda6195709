import { INJECTIONS } from '@bioscope/rpc';
import type { Code } from '@bioscope/rpc';

/** `client` and `server`: the two ends of a call. `store`: the state ports. `clock`: the wall clock that units are given. */
export const SIDES = ['client', 'server', 'store', 'clock'] as const;
export type Side = (typeof SIDES)[number];

/** Beside those of calls: `full` is a store without room for writes, `jump` a clock that is wrong. */
export const EFFECTS = [...INJECTIONS, 'full', 'jump'] as const;
export type Effect = (typeof EFFECTS)[number];

/** What goes wrong, where, for whom. Empty lists mean all. */
export type FaultRule = {
  /** Names it for renewing and withdrawing. */
  readonly id: string;
  readonly where: Where;
  readonly who: Who;
  /** Of the calls that match, 0 to 1. */
  readonly share: number;
  readonly what: What;
};

export type Where = {
  readonly side: Side;
  /** Unit names; of stores, namespaces and topics. */
  readonly callers: readonly string[];
  /** Unit names; of stores `kv`, `log`, `blob`. `chaos` itself is always spared: it must hear that it is over. */
  readonly callees: readonly string[];
  /** As the contract spells them; of plain HTTP a path; of stores `items.put`, `publish`, `get` … */
  readonly methods: readonly string[];
  /** Of the process in which the fault strikes. */
  readonly regions: readonly string[];
  readonly zones: readonly string[];
  readonly groups: readonly string[];
};

export type Who = {
  /** Accounts by a salted hash, so that two experiments never pick the same people. Calls for nobody (background work) are not concerned. */
  readonly cohort?: CohortShare;
  /** Only of the request that reached this process. */
  readonly header?: { readonly name: string; readonly value: string };
};

/** `from` inclusive, `to` exclusive, 0 to 1. */
export type CohortShare = { readonly salt: string; readonly from: number; readonly to: number };

export type What = {
  readonly effect: Effect;
  readonly delayMs: number;
  /** Above `delayMs`: a tail. Half of the delays are shorter than `delayMs`, few are this long. */
  readonly delayMsMax: number;
  readonly code: Code;
  readonly jumpMs: number;
};

/** Where a process stands, for rules that concern some only. */
export type Self = { readonly region: string; readonly zone: string; readonly group: string };
