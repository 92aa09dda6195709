import type { Logger, Metrics } from '@bioscope/telemetry';

/** Names something that one unit gives and others need. Two ports with the same name are the same port. */
export type Port<T> = { readonly name: string; readonly type?: T };

export function port<T>(name: string): Port<T> {
  return { name };
}

type Ports = Readonly<Record<string, Port<unknown>>>;
export type Values<P extends Ports> = { readonly [K in keyof P]: P[K] extends Port<infer T> ? T : never };

export type Health = { readonly kind: 'well' } | { readonly kind: 'ill'; readonly because: string };

/** What a started unit gives back. All functions are optional: a unit without them is ready, well, and stops at once. */
export type Running<Gives extends Ports> = {
  readonly gives: Values<Gives>;
  /** Asked by /readyz; a unit that is not ready receives no new work. */
  ready?(): boolean;
  /** Asked by /healthz. */
  health?(): Health;
  /** Stop taking new work and finish what is under way; the signal aborts at the drain deadline. Units drain in reverse start order. */
  drain?(deadline: AbortSignal): Promise<void>;
  /** Release everything. Called once, after drain, in reverse start order. */
  stop?(): Promise<void>;
};

export type UnitContext = {
  /** The unit's name. */
  readonly name: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Settings are read from here in `config.ts` only. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Reports a failure that the unit cannot recover from: the process exits with this as its last line. */
  crash(cause: unknown): void;
};

/** Something a process can host. It knows nothing of where it runs or who gives what it needs. */
export type Unit<Needs extends Ports = Ports, Gives extends Ports = Ports> = {
  readonly name: string;
  readonly needs: Needs;
  readonly gives: Gives;
  start(needs: Values<Needs>, context: UnitContext): Promise<Running<Gives>>;
};

/** Declares a unit with its types inferred. */
export function unit<const Needs extends Ports, const Gives extends Ports>(declaration: Unit<Needs, Gives>): Unit<Needs, Gives> {
  return declaration;
}
