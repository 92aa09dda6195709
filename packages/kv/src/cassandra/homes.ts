import { setTimeout as pause } from 'node:timers/promises';
import { types } from 'cassandra-driver';
import { KvFault, type Registers } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { newToken } from '../token.ts';
import type { Call } from './calls.ts';
import type { Level } from './connection.ts';

const { consistencies, unset } = types;

/** Where the registers, leases and streams of a namespace are decided now, and under which epoch. */
export type Place = {
  readonly level: Level & { readonly serialConsistency: number };
  /** Null: by a majority of all data centres, so that there is nothing to fence. */
  readonly epoch: bigint | null;
  /** What a partition that nobody has written yet carries. */
  readonly epochOfNew: bigint | null;
  /** To bind where a statement sets the epoch. */
  readonly epochToSet: bigint | typeof unset;
};

export type Home = { readonly dataCentre: string; readonly epoch: number; readonly isMoving: boolean };

export type Homes = {
  placeOf(namespace: string, call: Call): Promise<Place>;
  /** A partition carries a greater epoch than the one believed in: the namespace was moved, its home is asked for anew. */
  distrust(namespace: string): void;
  /** Null when nothing was decided there yet. */
  of(namespace: string): Promise<Home | null>;
  /**
   * Gives a local namespace to another region: with a greater epoch at once, to be used when the old region has stopped for certain. Takes
   * the home lease and some; called again after a crash it goes on. The region left need not answer.
   */
  move(namespace: string, dataCentre: string): Promise<Home>;
};

type Confirmed = { readonly home: Home; readonly sentAtMs: number };

/**
 * A local namespace is decided in one region. That region is kept in a global register, so a majority of all data centres decides who it is. Each
 * process confirms it within the home lease, measured on its own monotonic clock from before it asked; one that cannot confirm stops deciding.
 * So whoever moves a home waits out the lease and knows that nobody decides there any more, however clocks are set. What was decided late all
 * the same meets partitions with a greater epoch.
 */
export function createHomes({
  localDataCentre,
  isLocal,
  leaseMs,
  registers,
}: {
  localDataCentre: string;
  isLocal: (namespace: string) => boolean;
  leaseMs: number;
  /** Looked up when used: the registers need homes too. */
  registers: () => Registers;
}): Homes {
  const confirmed = new Map<string, Confirmed>();
  const confirming = new Map<string, Promise<Confirmed>>();

  async function read(namespace: string): Promise<{ home: Home; version: number } | null> {
    const register = await registers().read({ namespace: HOMES, name: namespace });
    return register === null ? null : { home: JSON.parse(utf8(register.value)) as Home, version: register.version };
  }

  async function confirm(namespace: string): Promise<Confirmed> {
    const sentAtMs = performance.now();
    const known = await read(namespace);
    if (known !== null) return { home: known.home, sentAtMs };
    const home: Home = { dataCentre: localDataCentre, epoch: 1, isMoving: false };
    const made = await registers().create({ namespace: HOMES, name: namespace, value: valueOf(home), commandId: newToken().nonce });
    return { home: made.kind === 'created' ? home : (JSON.parse(utf8(made.current.value)) as Home), sentAtMs };
  }

  function confirmOnce(namespace: string): Promise<Confirmed> {
    let asked = confirming.get(namespace);
    if (asked === undefined) {
      asked = confirm(namespace).finally(() => confirming.delete(namespace));
      asked.then(
        (answer) => confirmed.set(namespace, answer),
        () => {},
      );
      confirming.set(namespace, asked);
    }
    return asked;
  }

  async function homeOf(namespace: string): Promise<Home> {
    const known = confirmed.get(namespace);
    const ageMs = known === undefined ? Infinity : performance.now() - known.sentAtMs;
    if (known !== undefined && ageMs < leaseMs && !known.home.isMoving) {
      // Early enough that calls need not wait for it.
      if (ageMs > leaseMs / 3) confirmOnce(namespace).catch(() => {});
      return known.home;
    }
    const { home, sentAtMs } = await confirmOnce(namespace);
    // An answer may come late, or be looked at late: what it says was true when it was asked for, and holds for a lease from then on.
    if (performance.now() - sentAtMs >= leaseMs)
      throw new KvFault('KV_UNAVAILABLE', `the home of ${namespace} could not be confirmed in ${leaseMs} ms`);
    return home;
  }

  return {
    async placeOf(namespace) {
      if (!isLocal(namespace)) return GLOBAL;
      const { dataCentre, epoch, isMoving } = await homeOf(namespace);
      if (isMoving)
        throw new KvFault('KV_UNAVAILABLE', `namespace ${namespace} is being moved to ${dataCentre}: try again when the move is over`);
      return placeIn(dataCentre === localDataCentre ? undefined : dataCentre, BigInt(epoch));
    },
    distrust: (namespace) => void confirmed.delete(namespace),
    of: async (namespace) => (await read(namespace))?.home ?? null,
    async move(namespace, dataCentre) {
      if (!isLocal(namespace))
        throw new KvFault('KV_BAD_REQUEST', `namespace ${namespace} has no home: a majority of all regions decides it`);
      const moving = await change(namespace, (home) =>
        home !== null && home.isMoving && home.dataCentre === dataCentre
          ? home
          : { dataCentre, epoch: (home?.epoch ?? 0) + 1, isMoving: true },
      );
      await pause(leaseMs + LATE_MS_MAX);
      const settled = await change(namespace, (home) => (home?.epoch === moving.epoch ? { ...moving, isMoving: false } : (home ?? moving)));
      if (settled.epoch !== moving.epoch)
        throw new KvFault('KV_UNAVAILABLE', `namespace ${namespace} was moved to ${settled.dataCentre} by somebody else meanwhile`);
      confirmed.delete(namespace);
      return settled;
    },
  };

  async function change(namespace: string, decide: (home: Home | null) => Home): Promise<Home> {
    for (let attempt = 0; attempt < CONFLICTS_MAX; attempt += 1) {
      const known = await read(namespace);
      const next = decide(known?.home ?? null);
      if (known !== null && JSON.stringify(next) === JSON.stringify(known.home)) return next;
      const request = { namespace: HOMES, name: namespace, value: valueOf(next), commandId: newToken().nonce };
      if (known === null) {
        if ((await registers().create(request)).kind === 'created') return next;
      } else if ((await registers().compareAndSet({ ...request, expectedVersion: known.version })).kind === 'set') return next;
    }
    throw new KvFault('KV_UNAVAILABLE', `the home of ${namespace} changes faster than it can be moved`);
  }
}

/** Where homes are kept: a namespace of registers that is always global. */
export const HOMES = 'kv_homes';

const GLOBAL: Place = {
  level: { consistency: consistencies.quorum, serialConsistency: consistencies.serial, isIdempotent: false },
  epoch: null,
  epochOfNew: null,
  epochToSet: unset,
};

/** Agreed on by the home's own replicas, then committed to a majority of all, so that it outlives the region. */
function placeIn(dataCentre: string | undefined, epoch: bigint): Place {
  return {
    level: { consistency: consistencies.quorum, serialConsistency: consistencies.localSerial, dataCentre, isIdempotent: false },
    epoch,
    // In its first home a partition that is not there was never anywhere else.
    epochOfNew: epoch === 1n ? null : epoch,
    epochToSet: epoch,
  };
}

function valueOf(home: Home): Uint8Array {
  return bytes(JSON.stringify(home));
}

/** What was sent in the last moment of a lease may take this long to be decided: above the cluster's own timeouts. */
const LATE_MS_MAX = 5_000;
const CONFLICTS_MAX = 20;
