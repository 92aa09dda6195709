import type { Instance } from '@bioscope/rpc';

/** Who holds a lease, and until when. Times are of one monotonic clock, in milliseconds. */
export type LeaseTable = {
  /** Registers or renews. False when the table is full and the instance is new. */
  renew(instance: Instance, untilMs: number): boolean;
  withdraw(service: string, instanceId: string): void;
  /** Forgets whoever has not renewed. */
  expire(nowMs: number): void;
  /** Grows with every change that callers should learn of. */
  version(): number;
  instances(): readonly Instance[];
};

/** 10,000 instances make a picture of about 1 MiB; who has more needs a registry per zone. */
const INSTANCES_MAX = 10_000;
/** Smaller changes of load would wake every watcher every second and change no choice. */
const LOAD_STEP = 0.1;

/** `firstVersion` should differ between runs, so that nobody takes a picture of this run for one of the last. */
export function createLeaseTable(firstVersion: number): LeaseTable {
  const leases = new Map<string, { instance: Instance; untilMs: number }>();
  let version = firstVersion;
  return {
    renew(instance, untilMs) {
      const key = keyOf(instance.service, instance.instanceId);
      const held = leases.get(key);
      if (held === undefined) {
        if (leases.size >= INSTANCES_MAX) return false;
        leases.set(key, { instance, untilMs });
        version += 1;
        return true;
      }
      held.untilMs = untilMs;
      if (isNews(held.instance, instance)) {
        held.instance = instance;
        version += 1;
      }
      return true;
    },
    withdraw(service, instanceId) {
      if (leases.delete(keyOf(service, instanceId))) version += 1;
    },
    expire(nowMs) {
      for (const [key, lease] of leases) {
        if (lease.untilMs > nowMs) continue;
        leases.delete(key);
        version += 1;
      }
    },
    version: () => version,
    instances: () => [...leases.values()].map((lease) => lease.instance),
  };
}

function isNews(before: Instance, after: Instance): boolean {
  return (
    before.address !== after.address ||
    before.zone !== after.zone ||
    before.region !== after.region ||
    Math.abs(before.load - after.load) >= LOAD_STEP
  );
}

function keyOf(service: string, instanceId: string): string {
  return `${service} ${instanceId}`;
}
