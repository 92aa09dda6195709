import { KvFault } from '../port.ts';
import type { MovedCommand, MovedRegister, RegisterName, TransferTarget } from '../transfer/target.ts';
import type { Call } from './calls.ts';
import type { Statement } from './connection.ts';
import type { Adoption, Decision, Row } from './decider.ts';
import type { TransferTargetParts } from './transfer-target.ts';

type Seen = { readonly version: number | null };

/** Registers set to a version that was decided elsewhere, under the version that was seen here. */
export function transferRegisters({
  keyspace,
  decider,
  calls,
  clock,
}: TransferTargetParts): Pick<TransferTarget['registers'], 'read' | 'write' | 'erase'> {
  const table = `${keyspace}.registers`;
  const where = 'WHERE namespace = ? AND name = ?';
  const read = `SELECT version, value, created_by, created_version, epoch FROM ${table} ${where} LIMIT 1`;
  const everything = `SELECT command, outcome, version, value, created_by, created_version, epoch FROM ${table} ${where}`;
  const adoption = `UPDATE ${table} SET epoch = ? ${where} IF epoch = ?`;
  const set = `SET version = ?, value = ?, created_by = ?, created_version = ?, epoch = ? ${where} IF version = ? AND epoch = ?`;
  const stay = `UPDATE ${table} SET epoch = ? ${where} IF version = ? AND epoch = ?`;
  const note = `INSERT INTO ${table} (namespace, name, command, outcome) VALUES (?, ?, ?, ?) USING TTL ?`;

  function adoptionOf({ namespace, name }: RegisterName): Adoption {
    const params = [namespace, name];
    return { state: { query: read, params }, read: { query: everything, params }, write: adoption, params };
  }

  /** One conditional batch under the version that was seen. */
  async function decide(
    { namespace, name }: RegisterName,
    seen: number | null,
    to: { readonly query: string; readonly values: readonly unknown[]; readonly version: number | null },
    notes: readonly Statement[],
    call: Call,
  ): Promise<void> {
    const against = await decider.decide<Seen>({
      namespace,
      key: `register ${namespace} ${name}`,
      call,
      expectsNew: seen === null,
      async attempt(place) {
        const epoch = seen === null ? place.epochOfNew : place.epoch;
        const expects = seen === null ? null : BigInt(seen);
        const change = { query: to.query, params: [...to.values, place.epochToSet, namespace, name, expects, epoch] };
        const row = await decider.batch(place, [change, ...notes], call);
        return row === null ? { kind: 'done' } : refusal(row);
      },
      async find(place) {
        const [row] = await decider.serialRead(place, { query: read, params: [namespace, name] }, call);
        // What only adds notes is added again: that does no harm.
        return to.version !== seen && numberOf(row?.['version']) === to.version ? { kind: 'done' } : null;
      },
      adopt: adoptionOf({ namespace, name }),
    });
    if (against !== null)
      throw new KvFault('KV_UNAVAILABLE', `register ${name} was changed in the destination meanwhile (version ${against.version})`);
  }

  function notesOf({ namespace, name }: RegisterName, commands: readonly MovedCommand[]): Statement[] {
    const now = clock();
    return commands
      .filter(({ untilMs }) => untilMs > now)
      .map(({ commandId, version, untilMs }) => ({
        query: note,
        params: [namespace, name, commandId, BigInt(version), secondsUntil(untilMs, now)],
      }));
  }

  return {
    async read(name) {
      return calls.run(undefined, 0, async (call) => {
        const statement = { query: read, params: [name.namespace, name.name] };
        const [row] = await decider.read(name.namespace, statement, adoptionOf(name), call);
        return row === undefined ? null : registerOf(row);
      });
    },
    async write({ namespace, name, seen, next, untilMs, commands }) {
      const target = { namespace, name };
      const notes = notesOf(target, commands);
      const before = seen?.version ?? null;
      // The version comes last: found there, it says that its commands are there too.
      while (notes.length > NOTES_PER_BATCH) {
        const some = notes.splice(0, NOTES_PER_BATCH);
        await calls.run(undefined, 0, (call) => decide(target, before, { query: stay, values: [], version: before }, some, call));
      }
      const isRemoved = next.value === null;
      const ttl = untilMs === null ? '' : `USING TTL ${secondsUntil(untilMs, clock())} `;
      const created = isRemoved ? [null, null] : [next.createdBy, BigInt(next.createdVersion)];
      const value = next.value === null ? null : Buffer.from(next.value);
      const values = [BigInt(next.version), value, ...created];
      await calls.run(undefined, value?.length ?? 0, (call) =>
        decide(target, before, { query: `UPDATE ${table} ${ttl}${set}`, values, version: next.version }, notes, call),
      );
    },
    async erase({ namespace, name, seen }) {
      await calls.run(undefined, 0, (call) =>
        decide(
          { namespace, name },
          seen.version,
          { query: `UPDATE ${table} ${set}`, values: [null, null, null, null], version: null },
          [],
          call,
        ),
      );
    },
  };
}

/** Null for a partition in which only commands are left. */
function registerOf(row: Row): MovedRegister | null {
  const version = numberOf(row['version']);
  if (version === null) return null;
  const value = row['value'] as Buffer | null | undefined;
  return {
    version,
    value: value === null || value === undefined ? null : new Uint8Array(value),
    createdBy: (row['created_by'] as string | null | undefined) ?? null,
    createdVersion: numberOf(row['created_version']) ?? version,
  };
}

function refusal(row: Row): Decision<Seen> {
  return { kind: 'refused', by: { version: numberOf(row['version']) }, epoch: numberOf(row['epoch']) };
}

function numberOf(value: unknown): number | null {
  return typeof value === 'bigint' ? Number(value) : null;
}

/** And an hour for clocks that differ. */
function secondsUntil(untilMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((untilMs - nowMs) / 1000)) + 3_600;
}

/** Of at most half a kilobyte each. */
const NOTES_PER_BATCH = 400;
