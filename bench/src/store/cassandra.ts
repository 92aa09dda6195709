import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { bytes, type KvStore, newToken } from '@bioscope/kv';
import { openCassandraKv } from '@bioscope/kv/cassandra';
import { Client, types } from 'cassandra-driver';
import type { BenchOptions, BenchResult } from '../bench.ts';
import { callAll, COLUMNS, compete, type Contender, contender, perCpuSecond, rowOf } from './contenders.ts';

/**
 * Puts, gets and appends through the port, each beside the bare driver that issues the same statements on tables of the same schema in the same cluster of
 * one node. The figures compare operations per CPU-second of this process: what the port costs an operator beyond the driver.
 */
export async function benchCassandra(options: BenchOptions): Promise<BenchResult> {
  const missing = engineMissing('cassandra');
  if (missing !== false) throw new Error(`this bench needs a Cassandra: ${missing}`);
  const rounds = options.quick ? 2 : 8;
  const roundMs = options.quick ? 500 : 2_000;
  const engine = await engineForTests('cassandra');
  const { contactPoints, localDataCentre } = engine.addresses;
  const run = randomBytes(4).toString('hex');
  const open = (keyspace: string) => openCassandraKv({ contactPoints, localDataCentre, keyspace });
  const kv = await open(`bench_port_${run}`);
  try {
    // Opened once for its tables; nobody uses the port on them.
    await (await open(`bench_bare_${run}`)).close();
    const bare = await openBare(`bench_bare_${run}`, contactPoints, localDataCentre);
    try {
      const pairs = {
        put: pair(
          'put',
          () => bare.put(),
          () => putOne(kv),
        ),
        get: pair(
          'get',
          () => bare.get(),
          () => getOne(kv),
        ),
        append: pair('append', (caller) => bare.append(caller), appender(kv)),
      };
      const contenders = Object.values(pairs).flatMap(({ bare, port }) => [bare, port]);
      await compete(contenders, { rounds, roundMs, say: (line) => options.say(line) });
      return resultOf(pairs, contenders, { rounds, roundMs });
    } finally {
      await bare.close();
    }
  } finally {
    await kv.close();
    await engine.release();
  }
}

type Call = (caller: number) => Promise<unknown>;
type Pair = { readonly bare: Contender; readonly port: Contender };

function pair(what: string, bare: Call, port: Call): Pair {
  return {
    bare: contender(`${what}, bare driver`, (forMs) => callAll(CALLERS, forMs, bare)),
    port: contender(`${what}, port`, (forMs) => callAll(CALLERS, forMs, port)),
  };
}

const CALLERS = 64;
const RECORDS = 20_000;
const KEY = bytes('v');
const VALUE = new Uint8Array(100).fill(7);

function putOne({ items }: KvStore): Promise<void> {
  return items.put({ namespace: 'bench', record: randomRecord(), items: [{ key: KEY, value: VALUE }], token: newToken() });
}

function getOne({ items }: KvStore): Promise<unknown> {
  return items.get({ namespace: 'bench', record: randomRecord() });
}

/** Each caller has a stream of its own and appends one event after the other. */
function appender({ streams }: KvStore): Call {
  const versions = new Map<number, number>();
  const prefix = newToken().nonce;
  return async (caller) => {
    const expectedVersion = versions.get(caller) ?? 0;
    const events = [{ type: 'happened', data: VALUE }];
    const stream = `${prefix} ${caller}`;
    const answer = await streams.append({ namespace: 'bench', stream, expectedVersion, events, commandId: newToken().nonce });
    if (answer.kind !== 'appended') throw new Error('an append met a conflict although nobody else writes');
    versions.set(caller, answer.version);
  };
}

/** The driver and nothing else: prepared statements, the same consistency, no retries, deadlines, checks or copies of our own. */
async function openBare(keyspace: string, contactPoints: readonly string[], localDataCenter: string) {
  const client = new Client({ contactPoints: [...contactPoints], localDataCenter, keyspace, encoding: { useBigIntAsLong: true } });
  await client.connect();
  const { localQuorum, quorum, serial } = types.consistencies;
  const plain = { prepare: true, consistency: localQuorum, isIdempotent: true };
  const key = Buffer.from(KEY);
  const cell = (): Buffer => Buffer.concat([randomBytes(33), VALUE]);
  const versions = new Map<number, number>();
  const prefix = newToken().nonce;

  return {
    put: () =>
      client.execute(
        'INSERT INTO items (namespace, record, key, cell) VALUES (?, ?, ?, ?) USING TIMESTAMP ?',
        ['bench', randomRecord(), key, cell(), BigInt(newToken().timeUs) * 2n],
        plain,
      ),
    async get() {
      const found = await client.execute(
        'SELECT key, cell FROM items WHERE namespace = ? AND record = ? ORDER BY key ASC LIMIT ?',
        ['bench', randomRecord(), 257],
        plain,
      );
      return found.rows.map((row) => [row['key'], row['cell']]);
    },
    async append(caller: number) {
      const stream = `${prefix} ${caller}`;
      const before = versions.get(caller) ?? 0;
      const command = newToken().nonce;
      await client.execute(
        'INSERT INTO stream_intents (namespace, at, stream, command) VALUES (?, ?, ?, ?)',
        ['bench', types.TimeUuid.now(), stream, command],
        { ...plain, consistency: quorum },
      );
      const answer = await client.batch(
        [
          {
            query: 'UPDATE streams SET head = ?, epoch = ? WHERE namespace = ? AND stream = ? IF head = ? AND closed = ? AND epoch = ?',
            params: [BigInt(before + 1), types.unset, 'bench', stream, before === 0 ? null : BigInt(before), null, null],
          },
          {
            query: 'INSERT INTO streams (namespace, stream, kind, sequence, command, outcome) VALUES (?, ?, 1, 0, ?, ?) IF NOT EXISTS',
            params: ['bench', stream, command, BigInt(before + 1)],
          },
          {
            query: `INSERT INTO streams (namespace, stream, kind, sequence, command, type, data, caused_by, recorded_at) VALUES (?, ?, 0, ?, '', ?, ?, ?, ?)`,
            params: ['bench', stream, BigInt(before + 1), 'happened', Buffer.from(VALUE), command, BigInt(Date.now())],
          },
        ],
        { prepare: true, logged: false, consistency: quorum, serialConsistency: serial },
      );
      if (!answer.wasApplied()) throw new Error('a bare append met a conflict although nobody else writes');
      versions.set(caller, before + 1);
    },
    close: () => client.shutdown(),
  };
}

function resultOf(
  pairs: Readonly<Record<'put' | 'get' | 'append', Pair>>,
  contenders: readonly Contender[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): BenchResult {
  const ratio = ({ bare, port }: Pair): number => Number((perCpuSecond(port) / perCpuSecond(bare)).toFixed(3));
  return {
    figures: { putVsDriver: ratio(pairs.put), getVsDriver: ratio(pairs.get), appendVsDriver: ratio(pairs.append) },
    columns: COLUMNS,
    rows: contenders.map(rowOf),
    notes: [
      `Figures: operations per CPU-second of this process through the port, divided by those of the bare driver with the same statements. ${CALLERS} callers,`,
      `values and events of ${VALUE.length} bytes, ${rounds} interleaved rounds of ${roundMs} ms each after one to warm up; one Cassandra node on this machine.`,
      'The port feeds what is appended to subscribers in the background; the bare driver does not, and its figure has nothing of that.',
      `Node ${process.version}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown CPU'}.`,
    ],
  };
}

function randomRecord(): string {
  return `record ${Math.floor(Math.random() * RECORDS)}`;
}
