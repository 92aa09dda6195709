import type { HostClass } from '../exchange.ts';

/** One way through the gateway. */
export type Route = {
  readonly id: string;
  readonly host: HostClass;
  /** `exact` paths, or everything `below` a prefix (the prefix itself, and what follows it after a slash). */
  readonly match: { readonly exact: readonly string[] } | { readonly below: string };
  readonly methods: readonly string[];
  readonly unit: string;
  /** What is put before the path on the way to the unit: nothing for RPC, `/http/<unit>` for mounts. */
  readonly prefix: string;
  /** `operator`: an operator's account or the service's own token. Whether access lets them, the unit asks. */
  readonly guard: 'anyone' | 'operator';
  /** The unit is told who asks. Not for files that are the same for everybody: a passport costs some 20 µs. */
  readonly passport: boolean;
  /** The unit gets the request's cookies: identity alone, whose they are. */
  readonly cookies: boolean;
  /**
   * `buffered` bodies are read whole before anything is sent: a slow client costs no unit anything, and the request can be sent again.
   * `streamed` bodies pass as they come, as fast as the unit takes them.
   */
  readonly body: { readonly kind: 'none' } | { readonly kind: 'buffered' | 'streamed'; readonly bytesMax: number };
  /** Until the head of the answer; for streamed bodies counted anew while the body moves. */
  readonly headTimeoutMs: number;
  /** Answers come late by design; they are cut short when the gateway drains. */
  readonly longPoll: boolean;
};
