import { checkName, checkNamespace, checkWhole } from '../checks.ts';
import { LIMITS } from '../limits.ts';
import type { LeaseAcquired, LeaseRequest, Registers } from '../port.ts';
import { newToken } from '../token.ts';
import type { Call, Calls } from './calls.ts';
import type { Adoption, Decider, Decision, Place, Row } from './decider.ts';

type Lease = {
  readonly holder: string | null;
  readonly fence: number;
  readonly beat: string;
  readonly ttlMs: number;
};
type Target = { readonly namespace: string; readonly name: string };
type Sighting = { readonly beat: string; readonly sinceMs: number };

/**
 * Leases without comparing clocks: every renewal writes a new beat, and who wants the lease may take it once it has seen the same beat for the
 * lease's whole time on its own monotonic clock, which began after the holder's had begun (the way of the DynamoDB lock client). The holder
 * counts from before it asked. So only the rates of two clocks must agree, not what they show. The price: a lease whose holder died is free
 * only when somebody has been watching it for its time.
 */
export function cassandraLeases(
  keyspace: string,
  decider: Decider,
  calls: Calls,
  clock: () => number,
): Pick<Registers, 'acquireLease' | 'renewLease' | 'releaseLease'> {
  const table = `${keyspace}.leases`;
  const where = 'WHERE namespace = ? AND name = ?';
  const select = `SELECT holder, fence, beat, ttl_ms, epoch FROM ${table} ${where}`;
  const update = `UPDATE ${table} USING TTL ? SET holder = ?, fence = ?, beat = ?, ttl_ms = ?, epoch = ? ${where} IF beat = ? AND epoch = ?`;
  const adoption = `UPDATE ${table} SET epoch = ? ${where} IF epoch = ?`;
  const sightings = new Map<string, Sighting>();

  /** What a lease is now, and when it will be free at the latest as far as this process can know. */
  function freeInMs({ namespace, name }: Target, lease: Lease): number {
    const key = `${namespace} ${name}`;
    const known = sightings.get(key);
    const sighting = known?.beat === lease.beat ? known : { beat: lease.beat, sinceMs: performance.now() };
    sightings.delete(key);
    sightings.set(key, sighting);
    if (sightings.size > SIGHTINGS_MAX) sightings.delete(sightings.keys().next().value ?? '');
    return Math.max(0, sighting.sinceMs + lease.ttlMs - performance.now());
  }

  async function look(target: Target, call: Call): Promise<Lease | null> {
    const statement = { query: select, params: [target.namespace, target.name] };
    const [row] = await decider.read(target.namespace, statement, adoptionOf(target), call);
    return row === undefined ? null : leaseOf(row);
  }

  /** Replaces the lease that was seen; false when another stands there now. */
  async function replace(target: Target, seen: Lease | null, next: Lease, call: Call): Promise<boolean> {
    const { namespace, name } = target;
    const ttlS = Math.ceil(next.ttlMs / 1000) + REMEMBERED_S;
    const isNew = seen === null || seen.beat === '';
    const attempt = async (place: Place): Promise<Decision<true>> => {
      const values = [next.holder, BigInt(next.fence), next.beat, BigInt(next.ttlMs), place.epochToSet];
      // One that is gone may have left its epoch behind, which an adoption wrote to stay.
      const params = [ttlS, ...values, namespace, name, isNew ? null : seen.beat, isNew ? place.epochOfNew : place.epoch];
      const row = await decider.conditional(place, { query: update, params }, call);
      return row === null ? { kind: 'done' } : refusal(row);
    };
    const against = await decider.decide<true>({
      namespace,
      key: `lease ${namespace} ${name}`,
      call,
      expectsNew: isNew,
      attempt,
      async find(place) {
        const [row] = await decider.serialRead(place, { query: select, params: [namespace, name] }, call);
        return row?.['beat'] === next.beat ? { kind: 'done' } : null;
      },
      adopt: adoptionOf(target),
    });
    return against === null;
  }

  function adoptionOf({ namespace, name }: Target): Adoption {
    const params = [namespace, name];
    const read = { query: select, params };
    return { state: read, read, write: adoption, params };
  }

  async function acquire({ namespace, name, holder, ttlMs }: LeaseRequest, call: Call): Promise<LeaseAcquired> {
    const target = { namespace, name };
    let seen = await look(target, call);
    for (;;) {
      const isMine = seen?.holder === holder;
      if (seen !== null && seen.holder !== null && !isMine) {
        const waitMs = freeInMs(target, seen);
        if (waitMs > 0) return { kind: 'taken', holder: seen.holder, expiresAtMs: clock() + waitMs };
      }
      const expiresAtMs = clock() + ttlMs;
      // When the lease is forgotten, whole days after its end, the time is a greater fence than any that was given.
      const fence: number = isMine && seen !== null ? seen.fence : Math.max((seen?.fence ?? 0) + 1, Math.floor(clock()));
      const longest = isMine && seen !== null ? Math.max(seen.ttlMs, ttlMs) : ttlMs;
      if (await replace(target, seen, { holder, fence, beat: newToken().nonce, ttlMs: longest }, call))
        return { kind: 'held', fence, expiresAtMs };
      seen = await look(target, call);
    }
  }

  return {
    async acquireLease(request, options) {
      check(request);
      return calls.run(options, 0, (call) => acquire(request, call));
    },
    async renewLease({ fence, ...request }, options) {
      check(request);
      const { namespace, name, holder, ttlMs } = request;
      return calls.run(options, 0, async (call) => {
        let seen = await look(request, call);
        while (seen !== null && seen.holder === holder && seen.fence === fence) {
          const expiresAtMs = clock() + ttlMs;
          // Never shorter than before: should the answer be lost, the holder still counts on the old time.
          const next = { holder, fence, beat: newToken().nonce, ttlMs: Math.max(seen.ttlMs, ttlMs) };
          if (await replace({ namespace, name }, seen, next, call)) return { kind: 'renewed', expiresAtMs };
          seen = await look(request, call);
        }
        return { kind: 'lost' };
      });
    },
    async releaseLease({ namespace, name, holder, fence }, options) {
      check({ namespace, name, holder, ttlMs: 1 });
      return calls.run(options, 0, async (call) => {
        let seen = await look({ namespace, name }, call);
        while (seen !== null && seen.holder === holder && seen.fence === fence) {
          if (await replace({ namespace, name }, seen, { holder: null, fence, beat: newToken().nonce, ttlMs: 1 }, call)) return;
          seen = await look({ namespace, name }, call);
        }
      });
    },
  };
}

/** What a refused update gives are the columns that it tested, not the holder: whoever needs to know that looks. */
function refusal(row: Row): Decision<true> {
  return { kind: 'refused', by: true, epoch: typeof row['epoch'] === 'bigint' ? Number(row['epoch']) : null };
}

function leaseOf(row: Row): Lease {
  return {
    holder: (row['holder'] as string | null | undefined) ?? null,
    fence: Number((row['fence'] as bigint | null | undefined) ?? 0n),
    beat: (row['beat'] as string | null | undefined) ?? '',
    ttlMs: Number((row['ttl_ms'] as bigint | null | undefined) ?? 0n),
  };
}

function check({ namespace, name, holder, ttlMs }: LeaseRequest): void {
  checkNamespace(namespace);
  checkName('name', name);
  checkName('holder', holder);
  checkWhole('ttlMs', ttlMs, 1, LIMITS.leaseMsMax);
}

/** Leases that others hold and somebody here wants. */
const SIGHTINGS_MAX = 100_000;
/** How long a lease is remembered after its end. Longer than the clocks of two machines will ever differ. */
const REMEMBERED_S = 8 * 24 * 60 * 60;
