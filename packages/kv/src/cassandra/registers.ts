import { checkName, checkNamespace, checkValue, checkWhole } from '../checks.ts';
import { LIMITS } from '../limits.ts';
import { KvFault, type Register, type RegisterCreated, type Registers, type RegisterSet } from '../port.ts';
import type { Call, Calls } from './calls.ts';
import type { Adoption, Decider, Decision, Row } from './decider.ts';

type Target = { readonly namespace: string; readonly name: string; readonly commandId: string };
/** What a refused conditional batch says: the register as it was at that moment, and the command's outcome if it had happened before. */
type Seen = {
  readonly current: Register | null;
  /** Of a removed register too; null when there never was one, or its removal is forgotten. */
  readonly version: number | null;
  readonly createdBy: string | null;
  readonly createdVersion: number;
  readonly outcome: number | null;
  readonly epoch: number | null;
};

/** Registers on lightweight transactions. A command and the change it made are one batch, so a command that is sent again finds itself. */
export function cassandraRegisters(
  keyspace: string,
  decider: Decider,
  calls: Calls,
): Pick<Registers, 'read' | 'create' | 'compareAndSet' | 'remove'> {
  const table = `${keyspace}.registers`;
  const read = `SELECT version, value, epoch FROM ${table} WHERE namespace = ? AND name = ? LIMIT 1`;
  const everything = `SELECT command, outcome, version, value, created_by, created_version, epoch FROM ${table} WHERE namespace = ? AND name = ?`;
  const own = `${everything} AND command = ?`;
  const command = `INSERT INTO ${table} (namespace, name, command, outcome) VALUES (?, ?, ?, ?) IF NOT EXISTS USING TTL ${COMMAND_TTL_S}`;
  const change = (set: string, ttl: string, condition: string): string =>
    `UPDATE ${table}${ttl} SET version = ?, ${set}epoch = ? WHERE namespace = ? AND name = ? IF version = ? AND ${condition}epoch = ?`;
  const creation = change('value = ?, created_by = ?, created_version = ?, ', '', 'value = null AND ');
  const setting = change('value = ?, ', '', 'value != null AND ');
  // The version stays for as long as an old one might still be expected by somebody.
  const removal = change('value = null, created_by = null, created_version = null, ', ` USING TTL ${COMMAND_TTL_S}`, 'value != null AND ');
  const adoption = `UPDATE ${table} SET epoch = ? WHERE namespace = ? AND name = ? IF epoch = ?`;

  /** Sets under a version, with the command, in one step; answers null when it was done, else what stood against it. */
  async function decide(
    target: Target,
    expected: number | null,
    to: { query: string; version: number; values: readonly unknown[] },
    call: Call,
  ): Promise<Seen | null> {
    const { namespace, name, commandId } = target;
    const expects = expected === null ? null : BigInt(expected);
    return decider.decide<Seen>({
      namespace,
      key: `register ${namespace} ${name}`,
      call,
      expectsNew: expected === null,
      async attempt(place) {
        const epoch = expected === null ? place.epochOfNew : place.epoch;
        const row = await decider.batch(
          place,
          [
            { query: to.query, params: [BigInt(to.version), ...to.values, place.epochToSet, namespace, name, expects, epoch] },
            { query: command, params: [namespace, name, commandId, BigInt(to.version)] },
          ],
          call,
        );
        return row === null ? { kind: 'done' } : refusal(row);
      },
      async find(place) {
        const [row] = await decider.serialRead(place, { query: own, params: [namespace, name, commandId] }, call);
        return row === undefined ? null : refusal(row);
      },
      adopt: adoptionOf(target),
    });
  }

  function adoptionOf({ namespace, name }: Omit<Target, 'commandId'>): Adoption {
    const params = [namespace, name];
    return { state: { query: read, params }, read: { query: everything, params }, write: adoption, params };
  }

  function refusal(row: Row): Decision<Seen> {
    const seen = seenOf(row);
    return { kind: 'refused', by: seen, epoch: seen.epoch };
  }

  function seenOf(row: Row): Seen {
    const version = numberOf(row['version']);
    const value = row['value'] as Buffer | null;
    return {
      current: version === null || value === null ? null : { version, value: new Uint8Array(value) },
      version,
      createdBy: row['created_by'] as string | null,
      createdVersion: numberOf(row['created_version']) ?? 1,
      outcome: row['command'] === null ? null : numberOf(row['outcome']),
      epoch: numberOf(row['epoch']),
    };
  }

  async function create(target: Target, value: Buffer, call: Call): Promise<RegisterCreated> {
    let expected: number | null = null;
    for (let attempt = 0; attempt < REMOVALS_SEEN_MAX; attempt += 1) {
      const version: number = (expected ?? 0) + 1;
      const seen: Seen | null = await decide(
        target,
        expected,
        { query: creation, version, values: [value, target.commandId, BigInt(version)] },
        call,
      );
      if (seen === null) return { kind: 'created', version };
      if (seen.outcome !== null) return { kind: 'created', version: seen.outcome };
      if (seen.createdBy === target.commandId) return { kind: 'created', version: seen.createdVersion };
      if (seen.current !== null) return { kind: 'exists', current: seen.current };
      // It was removed: go on counting from there.
      expected = seen.version;
    }
    throw new KvFault('KV_UNAVAILABLE', `register ${target.name} is created and removed faster than it can be created here`);
  }

  async function set(target: Target, expected: number, query: string, values: readonly unknown[], call: Call): Promise<RegisterSet> {
    const version = expected + 1;
    const seen = await decide(target, expected, { query, version, values }, call);
    if (seen === null) return { kind: 'set', version };
    return seen.outcome === null ? { kind: 'conflict', current: seen.current } : { kind: 'set', version: seen.outcome };
  }

  return {
    async read({ namespace, name }, options) {
      checkNamespace(namespace);
      checkName('name', name);
      return calls.run(options, 0, async (call) => {
        const statement = { query: read, params: [namespace, name] };
        const [row] = await decider.read(namespace, statement, adoptionOf({ namespace, name }), call);
        const value = row?.['value'] as Buffer | null | undefined;
        if (row === undefined || value === null || value === undefined) return null;
        return { value: new Uint8Array(value), version: numberOf(row['version']) ?? 0 };
      });
    },
    async create({ namespace, name, value, commandId }, options) {
      check(namespace, name, commandId);
      checkValue('a register', value, LIMITS.registerBytesMax);
      const own = Buffer.from(value);
      return calls.run(options, own.length, (call) => create({ namespace, name, commandId }, own, call));
    },
    async compareAndSet({ namespace, name, expectedVersion, value, commandId }, options) {
      check(namespace, name, commandId);
      checkWhole('expectedVersion', expectedVersion, 1, Number.MAX_SAFE_INTEGER - 1);
      checkValue('a register', value, LIMITS.registerBytesMax);
      const own = Buffer.from(value);
      return calls.run(options, own.length, (call) => set({ namespace, name, commandId }, expectedVersion, setting, [own], call));
    },
    async remove({ namespace, name, expectedVersion, commandId }, options) {
      check(namespace, name, commandId);
      checkWhole('expectedVersion', expectedVersion, 1, Number.MAX_SAFE_INTEGER - 1);
      return calls.run(options, 0, (call) => set({ namespace, name, commandId }, expectedVersion, removal, [], call));
    },
  };
}

function check(namespace: string, name: string, commandId: string): void {
  checkNamespace(namespace);
  checkName('name', name);
  checkName('commandId', commandId);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'bigint' ? Number(value) : null;
}

/** The promised 24 hours and one for clocks that differ. */
const COMMAND_TTL_S = 25 * 60 * 60;
/** Each round means that somebody created and removed the register since the last. */
const REMOVALS_SEEN_MAX = 20;
