import type { Instance } from '@bioscope/rpc';
import { createChangeLog } from './change-log.ts';
import type { ChangeLog } from './change-log.ts';
import { decidePreservation, FORGETS } from './preservation.ts';
import type { Attendance } from './preservation.ts';
import { keyOf } from './statement.ts';
import type { Statement } from './statement.ts';

/** Who holds a lease, and until when, as one copy knows it. Times are of one monotonic clock, in milliseconds. */
export type LeaseTable = {
  /** `old`: a newer statement was heard before, or its time is over. `full`: the table is, and the instance is new. */
  hear(statement: Statement, nowMs: number): 'taken' | 'old' | 'full';
  /** What another copy keeps as doubtful, for a copy that knows nothing yet. */
  adopt(statements: readonly Statement[], isPreserving: boolean, nowMs: number): void;
  /** Forgets whoever has not renewed, unless too many have not. */
  expire(nowMs: number): void;
  isPreserving(): boolean;
  /** Of the lease; 0 for who has none. */
  leftMs(key: string, nowMs: number): number;
  /** The statement that holds for a key, as it would be told to another copy. */
  statement(key: string, nowMs: number): Statement | undefined;
  statements(nowMs: number): readonly Statement[];
  instance(key: string, nowMs: number): Instance | undefined;
  instances(nowMs: number): readonly Instance[];
  readonly changes: Pick<ChangeLog, 'version' | 'since' | 'flush'>;
};

type Lease = { instance: Instance; sequence: number; leaseMs: number; untilMs: number; bornAtMs: number; isDoubtful: boolean };
/** Remembered, so that an older statement which comes late does not bring it back. */
type Departure = { readonly statement: Statement & { kind: 'withdrawn' }; readonly untilMs: number; readonly wasSaid: boolean };

/** 10,000 instances make a picture of about 1 MiB; who has more needs a registry per region. */
const INSTANCES_MAX = 10_000;
/** Longer than the longest lease (30 s): every statement that is older has run out by then. */
export const DEPARTURE_MS = 60_000;
const DEPARTURES_MAX = 20_000;
/** Long enough for a cut to be seen and mended; by then nobody can say any more whether it is alive. */
const DOUBT_MS_MAX = 600_000;
/** Smaller changes of load would change no choice. */
const LOAD_STEP = 0.1;
/** Of a lease: who has less left than this has missed a renewal. */
const QUIET_SHARE = 1 / 3;

export function createLeaseTable(): LeaseTable {
  const leases = new Map<string, Lease>();
  const departures = new Map<string, Departure>();
  /** The key of the instance at an address: a later one at the same address has taken the place of one that is dead. */
  const places = new Map<string, string>();
  const changes = createChangeLog();
  let preservation = FORGETS;

  function depart(key: string, statement: Statement & { kind: 'withdrawn' }, wasSaid: boolean, untilMs: number): void {
    const lease = leases.get(key);
    if (lease !== undefined && places.get(placeOf(lease.instance)) === key) places.delete(placeOf(lease.instance));
    leases.delete(key);
    changes.gone(key);
    departures.delete(key);
    departures.set(key, { statement, untilMs, wasSaid });
    const [oldest] = departures.keys();
    if (departures.size > DEPARTURES_MAX && oldest !== undefined) departures.delete(oldest);
  }

  function forget(key: string, { instance, sequence }: Lease, nowMs: number): void {
    const { service, instanceId } = instance;
    depart(key, { kind: 'withdrawn', service, instanceId, sequence, leftMs: 0 }, false, nowMs + DEPARTURE_MS);
  }

  /** False when someone else holds the address by a newer statement. */
  function takePlace(key: string, statement: Statement & { kind: 'present' }, nowMs: number): boolean {
    const place = placeOf(statement.instance);
    const holderKey = places.get(place);
    const holder = holderKey === undefined ? undefined : leases.get(holderKey);
    if (holderKey !== undefined && holder !== undefined && holderKey !== key) {
      if (holder.sequence >= statement.sequence) return false;
      forget(holderKey, holder, nowMs);
    }
    places.set(place, key);
    return true;
  }

  function arrive(key: string, statement: Statement & { kind: 'present' }, nowMs: number): 'taken' | 'old' | 'full' {
    const held = leases.get(key);
    if (held === undefined && leases.size >= INSTANCES_MAX) return 'full';
    if (!takePlace(key, statement, nowMs)) return 'old';
    const { instance, sequence, leaseMs, leftMs } = statement;
    if (held !== undefined && placeOf(held.instance) !== placeOf(instance)) places.delete(placeOf(held.instance));
    const next = { sequence, leaseMs, untilMs: nowMs + leftMs, bornAtMs: nowMs - (instance.upMs ?? 0), isDoubtful: leftMs <= 0 };
    const isLoadNews = held === undefined || Math.abs(held.instance.load - instance.load) >= LOAD_STEP;
    // The load that was told is kept until it changed enough, or many small steps would never be told.
    leases.set(key, { ...next, instance: isLoadNews ? instance : { ...instance, load: held.instance.load } });
    departures.delete(key);
    if (held === undefined || isMove(held, instance) || held.isDoubtful !== next.isDoubtful) changes.changed(key);
    else if (isLoadNews) changes.changedSlightly(key);
    return 'taken';
  }

  function hear(statement: Statement, nowMs: number): 'taken' | 'old' | 'full' {
    const key = keyOf(statement.kind === 'present' ? statement.instance : statement);
    const known = Math.max(leases.get(key)?.sequence ?? 0, departures.get(key)?.statement.sequence ?? 0);
    if (statement.sequence <= known || statement.leftMs <= 0) return 'old';
    if (statement.kind === 'present') return arrive(key, statement, nowMs);
    depart(key, statement, true, nowMs + Math.min(statement.leftMs, DEPARTURE_MS));
    return 'taken';
  }

  function attendance(nowMs: number): Attendance {
    const isQuiet = new Map<string, boolean>();
    for (const { instance, leaseMs, untilMs } of leases.values()) {
      const quiet = untilMs - nowMs < leaseMs * QUIET_SHARE;
      isQuiet.set(instance.instanceId, quiet && (isQuiet.get(instance.instanceId) ?? true));
    }
    return { processes: isQuiet.size, quiet: [...isQuiet.values()].filter(Boolean).length };
  }

  function expire(nowMs: number): void {
    preservation = decidePreservation(preservation, attendance(nowMs), nowMs);
    for (const [key, lease] of leases) {
      if (lease.untilMs > nowMs) continue;
      if (!preservation.isOn || nowMs - lease.untilMs > DOUBT_MS_MAX) forget(key, lease, nowMs);
      else if (!lease.isDoubtful) {
        lease.isDoubtful = true;
        changes.changed(key);
      }
    }
    for (const [key, departure] of departures) if (departure.untilMs <= nowMs) departures.delete(key);
  }

  function statement(key: string, nowMs: number): Statement | undefined {
    const lease = leases.get(key);
    if (lease !== undefined) {
      const { sequence, leaseMs, untilMs } = lease;
      return { kind: 'present', instance: seen(lease, nowMs), sequence, leaseMs, leftMs: Math.max(0, untilMs - nowMs) };
    }
    const departure = departures.get(key);
    return departure?.wasSaid === true ? { ...departure.statement, leftMs: departure.untilMs - nowMs } : undefined;
  }

  return {
    hear,
    adopt(statements, isPreserving, nowMs) {
      if (isPreserving) preservation = { isOn: true, calmSinceMs: nowMs };
      for (const said of statements) {
        if (hear(said, nowMs) !== 'old' || said.kind !== 'present' || said.leftMs > 0 || !isPreserving) continue;
        const key = keyOf(said.instance);
        if (!leases.has(key) && !departures.has(key)) arrive(key, said, nowMs);
      }
    },
    expire,
    isPreserving: () => preservation.isOn,
    leftMs: (key, nowMs) => Math.max(0, (leases.get(key)?.untilMs ?? nowMs) - nowMs),
    statement,
    statements: (nowMs) => [...leases.keys(), ...departures.keys()].flatMap((key) => statement(key, nowMs) ?? []),
    instance(key, nowMs) {
      const lease = leases.get(key);
      return lease === undefined ? undefined : seen(lease, nowMs);
    },
    instances: (nowMs) => [...leases.values()].map((lease) => seen(lease, nowMs)),
    changes,
  };
}

function seen({ instance, bornAtMs, isDoubtful }: Lease, nowMs: number): Instance {
  return { ...instance, upMs: Math.max(0, Math.round(nowMs - bornAtMs)), isDoubtful };
}

function placeOf({ service, address }: Instance): string {
  return `${service} ${address}`;
}

function isMove(held: Lease, { address, zone, region }: Instance): boolean {
  const before = held.instance;
  return before.address !== address || before.zone !== zone || before.region !== region;
}
