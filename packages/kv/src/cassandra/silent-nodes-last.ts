import { errors, type Host, policies } from 'cassandra-driver';
import type { HostsMet } from './hosts-met.ts';

type Policy = policies.loadBalancing.LoadBalancingPolicy;
type Plan = Parameters<Policy['newQueryPlan']>[2];

export type SilentNodes = { note(error: unknown): void; has(address: string): boolean; isEmpty(): boolean };

/** Nodes that let a request time out lately. A stopped node keeps its connections open, so the driver goes on believing in it for a while. */
export function createSilentNodes(): SilentNodes {
  const until = new Map<string, number>();
  return {
    note(error) {
      if (error instanceof errors.NoHostAvailableError) for (const each of Object.values(error.innerErrors ?? {})) this.note(each);
      // The driver's types leave out which node it was.
      const host = error instanceof errors.OperationTimedOutError ? (error as { host?: unknown }).host : null;
      if (typeof host === 'string') until.set(host, performance.now() + SILENT_MS);
    },
    isEmpty: () => until.size === 0,
    has(address) {
      const end = until.get(address);
      if (end === undefined) return false;
      if (end > performance.now()) return true;
      until.delete(address);
      return false;
    },
  };
}

/** The order of another policy, but silent nodes come last: a decision is sent to one node only, and would wait for it in vain. */
export class SilentNodesLast extends policies.loadBalancing.LoadBalancingPolicy {
  readonly #child: Policy;
  readonly #silent: SilentNodes;
  readonly #met: HostsMet;

  /** Every host passes by here before it is used. */
  constructor(child: Policy, silent: SilentNodes, met: HostsMet) {
    super();
    this.#child = child;
    this.#silent = silent;
    this.#met = met;
  }

  override init(...args: Parameters<Policy['init']>): void {
    this.#child.init(...args);
  }

  override getDistance(host: Host): ReturnType<Policy['getDistance']> {
    this.#met.meet(host);
    return this.#child.getDistance(host);
  }

  override newQueryPlan(keyspace: string, options: Parameters<Policy['newQueryPlan']>[1], callback: Plan): void {
    this.#child.newQueryPlan(keyspace, options, (error, plan) => {
      callback(error, error || this.#silent.isEmpty() ? plan : silentLast(plan, this.#silent));
    });
  }

  override getOptions(): ReturnType<Policy['getOptions']> {
    return this.#child.getOptions();
  }
}

function* silentLast(plan: Iterator<Host>, silent: SilentNodes): Generator<Host, void> {
  const last: Host[] = [];
  for (let next = plan.next(); next.done !== true; next = plan.next()) {
    if (silent.has(next.value.address)) last.push(next.value);
    else yield next.value;
  }
  yield* last;
}

/** Then it is tried again: one call pays for the look. */
const SILENT_MS = 10_000;
