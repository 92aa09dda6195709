import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { errors, types } from 'cassandra-driver';
import { KvFault } from '../port.ts';
import type { Connection } from './connection.ts';
import { faultOf } from './faults.ts';
import type { CassandraKvOptions } from './options.ts';

const { consistencies } = types;

/**
 * Brings the keyspace to the schema of this release: makes it when it is missing, applies what is new, one migration after the other, by one
 * process at a time. Refuses a keyspace of a newer release and one whose migrations were changed.
 */
export async function migrateSchema(connection: Connection, options: CassandraKvOptions): Promise<string> {
  const keyspace = options.keyspace ?? 'bioscope';
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(keyspace))
    throw new KvFault('KV_BAD_REQUEST', `keyspace "${keyspace}" must match [a-z][a-z0-9_]{0,47}`);
  try {
    if ((await patiently(() => appliedVersion(connection, keyspace))) === MIGRATIONS.length) return keyspace;
    await makeKeyspace(connection, keyspace, options);
    await underLock(connection, keyspace, async () => {
      for (let version = (await patiently(() => appliedVersion(connection, keyspace))) ?? 0; version < MIGRATIONS.length; version += 1) {
        for (const statement of MIGRATIONS[version] ?? []) await define(connection, statement.replaceAll('$keyspace', keyspace));
        await patiently(() => note(connection, keyspace, version + 1));
      }
    });
    return keyspace;
  } catch (error) {
    throw faultOf(error);
  }
}

/** Null when there is no such keyspace or it has no schema yet. */
async function appliedVersion({ client }: Connection, keyspace: string): Promise<number | null> {
  const known = await client.execute(
    'SELECT table_name FROM system_schema.tables WHERE keyspace_name = ? AND table_name IN (?, ?)',
    [keyspace, 'schema_versions', 'schema_lock'],
    { prepare: true, isIdempotent: true },
  );
  if (known.rowLength < 2) return null;
  const { rows } = await client.execute(`SELECT version FROM ${keyspace}.schema_versions WHERE part = 'kv' LIMIT 1`, [], {
    prepare: true,
    consistency: consistencies.quorum,
    isIdempotent: true,
  });
  const version = Number(rows[0]?.['version'] ?? 0);
  if (version > MIGRATIONS.length)
    throw new KvFault(
      'KV_UNAVAILABLE',
      `keyspace ${keyspace} is of a newer release (schema ${version}, this one knows ${MIGRATIONS.length})`,
    );
  return version;
}

async function note({ client }: Connection, keyspace: string, version: number): Promise<void> {
  const insert = `INSERT INTO ${keyspace}.schema_versions (part, version, applied_at) VALUES ('kv', ?, toTimestamp(now()))`;
  await client.execute(insert, [version], { prepare: true, consistency: consistencies.quorum, isIdempotent: true });
}

async function makeKeyspace(connection: Connection, keyspace: string, options: CassandraKvOptions): Promise<void> {
  const copies = Object.entries(options.replicas ?? copiesPerDataCentre(connection));
  const replication = ["'class': 'NetworkTopologyStrategy'", ...copies.map(([name, count]) => `'${name.replaceAll("'", "''")}': ${count}`)];
  await define(connection, `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {${replication.join(', ')}}`);
  for (const statement of BOOTSTRAP) await define(connection, statement.replaceAll('$keyspace', keyspace));
}

function copiesPerDataCentre({ client }: Connection): Readonly<Record<string, number>> {
  const nodes: Record<string, number> = {};
  for (const { datacenter } of client.hosts.values()) nodes[datacenter] = (nodes[datacenter] ?? 0) + 1;
  return Object.fromEntries(Object.entries(nodes).map(([name, count]) => [name, Math.min(COPIES_PER_DATA_CENTRE, count)]));
}

/** Two processes that define the same at once may collide inside Cassandra; the statements are harmless to repeat. */
async function define({ client }: Connection, statement: string): Promise<void> {
  await patiently(() => client.execute(statement, [], { readTimeout: DEFINE_MS_MAX }));
}

/** A node may hear of a new table minutes later than the one that made it, and fails what asks for it until then: that is waited for longer. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const end = performance.now() + UNHEARD_MS_MAX;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isUnheard = error instanceof errors.ResponseError && UNHEARD.has(error.code);
      const isOver = isUnheard ? performance.now() > end : attempt >= ATTEMPTS_MAX;
      if (error instanceof KvFault || isOver) throw error;
      await pause(Math.min(200 * attempt, 2_000) * (1 + Math.random()));
    }
  }
}

/** A lock whose holder died frees itself after a minute; all that it guards may be repeated. */
async function underLock({ client }: Connection, keyspace: string, work: () => Promise<void>): Promise<void> {
  const holder = randomUUID();
  const level = { prepare: true, consistency: consistencies.quorum, serialConsistency: consistencies.serial };
  const end = performance.now() + LOCK_WAIT_MS_MAX;
  for (;;) {
    const taken = await client
      .execute(`INSERT INTO ${keyspace}.schema_lock (part, holder) VALUES ('kv', ?) IF NOT EXISTS USING TTL 60`, [holder], level)
      .catch(() => null);
    if (taken?.wasApplied() === true || taken?.rows[0]?.['holder'] === holder) break;
    if (performance.now() > end)
      throw new KvFault('KV_UNAVAILABLE', `another process has been changing the schema of ${keyspace} for too long`);
    await pause(100 + Math.random() * 200);
  }
  try {
    await work();
  } finally {
    await client.execute(`DELETE FROM ${keyspace}.schema_lock WHERE part = 'kv' IF holder = ?`, [holder], level).catch(() => {});
  }
}

const COPIES_PER_DATA_CENTRE = 3;
const DEFINE_MS_MAX = 30_000;
/** With the pauses about ten seconds. */
const ATTEMPTS_MAX = 8;
/** Nodes ask each other for the schema once a minute. */
const UNHEARD_MS_MAX = 130_000;
const UNHEARD: ReadonlySet<number> = new Set([types.responseErrorCodes.readFailure, types.responseErrorCodes.writeFailure]);
const LOCK_WAIT_MS_MAX = 90_000;

const BOOTSTRAP: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS $keyspace.schema_versions (part text, version int, applied_at timestamp, PRIMARY KEY (part, version))
   WITH CLUSTERING ORDER BY (version DESC)`,
  `CREATE TABLE IF NOT EXISTS $keyspace.schema_lock (part text PRIMARY KEY, holder text)`,
];

/**
 * Never changed once released, only added to. `gc_grace_seconds` of three days is how long a node may be down and come back without bringing
 * deleted items back; a longer absence needs a new node (docs/operations/storage.md).
 */
const MIGRATIONS: readonly (readonly string[])[] = [
  [
    // One cell holds an item whole, so that what wins, wins whole; see item-cell.ts.
    `CREATE TABLE IF NOT EXISTS $keyspace.items (
       namespace text, record text, key blob, cell blob, PRIMARY KEY ((namespace, record), key)
     ) WITH gc_grace_seconds = 259200 AND compaction = {'class': 'UnifiedCompactionStrategy'}`,
    `CREATE TABLE IF NOT EXISTS $keyspace.item_chunks (
       namespace text, record text, key blob, attempt timeuuid, part int, bytes blob,
       PRIMARY KEY ((namespace, record, key, attempt), part)
     ) WITH gc_grace_seconds = 259200 AND compaction = {'class': 'UnifiedCompactionStrategy'}`,

    // Written only by conditional batches in one partition: the register itself in static columns, a row for each command of the last day.
    `CREATE TABLE IF NOT EXISTS $keyspace.registers (
       namespace text, name text, command text,
       version bigint static, value blob static, created_by text static, created_version bigint static, epoch bigint static,
       outcome bigint, PRIMARY KEY ((namespace, name), command)
     ) WITH gc_grace_seconds = 259200`,
    `CREATE TABLE IF NOT EXISTS $keyspace.leases (
       namespace text, name text, holder text, fence bigint, beat text, ttl_ms bigint, epoch bigint, PRIMARY KEY ((namespace, name))
     ) WITH gc_grace_seconds = 259200`,

    // kind 0: events by sequence; kind 1: commands with the version after them. \`fed\` is how far the feed has it, and the only plain write.
    `CREATE TABLE IF NOT EXISTS $keyspace.streams (
       namespace text, stream text, kind tinyint, sequence bigint, command text,
       head bigint static, closed text static, epoch bigint static, fed bigint static,
       type text, data blob, caused_by text, recorded_at bigint, outcome bigint,
       PRIMARY KEY ((namespace, stream), kind, sequence, command)
     ) WITH gc_grace_seconds = 259200`,
    // Emptied as fast as it is filled: its tombstones must go soon, and a deleted intent that comes back does no harm.
    `CREATE TABLE IF NOT EXISTS $keyspace.stream_intents (
       namespace text, at timeuuid, stream text, command text, PRIMARY KEY ((namespace), at)
     ) WITH gc_grace_seconds = 60 AND memtable_flush_period_in_ms = 60000`,
    `CREATE TABLE IF NOT EXISTS $keyspace.stream_feed (
       namespace text, bucket bigint, position bigint, head bigint static, stream text, first bigint, last bigint,
       PRIMARY KEY ((namespace, bucket), position)
     ) WITH gc_grace_seconds = 259200`,
  ],
  // Where subscribers of an embedded store that was moved here go on.
  ['ALTER TABLE $keyspace.stream_feed ADD IF NOT EXISTS moved_from bigint'],
];
