import type { Dispatcher } from 'undici';
import type { Instance } from './picture.ts';

/** One instance as this process sees it. Times are monotonic milliseconds. */
export type Peer = {
  instance: Instance;
  dispatcher: Dispatcher;
  inFlight: number;
  failuresInARow: number;
  ejections: number;
  /** 0 while it takes part. */
  ejectedUntilMs: number;
  /** When it began to serve; long ago when nobody said. */
  readonly bornAtMs: number;
  /** It has answered us. */
  isProven: boolean;
  /** Since when it has not answered, while something is in flight. */
  silentSinceMs: number;
};

/** A new process compiles its code and opens its connections under the first requests; ten seconds are enough for Node. */
const WARM_UP_MS = 10_000;
/** Nobody warms up without work. */
const WEIGHT_MIN = 0.1;

export function createPeer(instance: Instance, dispatcher: Dispatcher, nowMs: number): Peer {
  return {
    instance,
    dispatcher,
    inFlight: 0,
    failuresInARow: 0,
    ejections: 0,
    ejectedUntilMs: 0,
    bornAtMs: nowMs - (instance.upMs ?? WARM_UP_MS),
    isProven: false,
    silentSinceMs: nowMs,
  };
}

/** Which share of an equal share it should have: grows with age from a tenth to 1. */
export function weightOf(peer: Peer, nowMs: number): number {
  return Math.min(Math.max((nowMs - peer.bornAtMs) / WARM_UP_MS, WEIGHT_MIN), 1);
}
