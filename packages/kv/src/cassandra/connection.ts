import { Client, policies, type QueryOptions, type types } from 'cassandra-driver';
import { KvFault } from '../port.ts';
import type { Call } from './calls.ts';
import { faultOf } from './faults.ts';
import { createHostsMet, type HostsMet } from './hosts-met.ts';
import type { CassandraKvOptions } from './options.ts';
import { createSilentNodes, type SilentNodes, SilentNodesLast } from './silent-nodes-last.ts';

export type Statement = { readonly query: string; readonly params: readonly unknown[] };
export type Level = {
  readonly consistency: number;
  readonly serialConsistency?: number;
  /** Ask nodes of this data centre instead of the local one. */
  readonly dataCentre?: string | undefined;
  /** May be sent twice, also to two nodes at once when the first is slow. */
  readonly isIdempotent: boolean;
};

export type Connection = {
  readonly client: Client;
  execute(statement: Statement, level: Level, call: Call, page?: { fetchSize: number; pageState?: string }): Promise<types.ResultSet>;
  /** All statements on one partition: one mutation, all or nothing. */
  batch(statements: readonly Statement[], level: Level, call: Call): Promise<types.ResultSet>;
  close(): Promise<void>;
};

/** Connects, or says what to look at. The keyspace need not be there yet: statements name it. */
export async function connect(options: CassandraKvOptions): Promise<Connection> {
  const silent = createSilentNodes();
  const met = createHostsMet();
  const client = new Client(clientOptions(options, silent, met));
  // Errors of single hosts come as events too; every call reports its own.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (cause) {
    await client.shutdown().catch(() => {});
    throw new KvFault('KV_UNAVAILABLE', `cannot reach Cassandra at ${options.contactPoints.join(', ')}: ${faultOf(cause).message}`, {
      cause,
    });
  }
  const found = new Set(client.hosts.values().map((host) => host.datacenter));
  if (!found.has(options.localDataCentre)) {
    await client.shutdown();
    throw new KvFault(
      'KV_UNAVAILABLE',
      `the cluster has no data centre "${options.localDataCentre}"; it has ${[...found].map((each) => `"${each}"`).join(', ')}`,
    );
  }
  return connectionOf(client, options, silent, met);
}

function clientOptions(options: CassandraKvOptions, silent: SilentNodes, met: HostsMet): ConstructorParameters<typeof Client>[0] {
  const { contactPoints, localDataCentre, credentials, tls } = options;
  return {
    contactPoints: [...contactPoints],
    localDataCenter: localDataCentre,
    ...(credentials === undefined ? {} : { credentials }),
    ...(tls === undefined ? {} : { sslOptions: tls }),
    encoding: { useBigIntAsLong: true },
    // Items carry their token as timestamp; everything else is stamped by the node that coordinates it, never by this process's clock.
    policies: {
      timestampGeneration: new NoTimestamps(1_000, 1_000),
      loadBalancing: new SilentNodesLast(nodesOf(localDataCentre), silent, met),
      speculativeExecution: new policies.speculativeExecution.ConstantSpeculativeExecutionPolicy(SPECULATE_AFTER_MS, 1),
      reconnection: new policies.reconnection.ExponentialReconnectionPolicy(RECONNECT_MS_MIN, RECONNECT_MS_MAX, false),
    },
    // The driver's own questions: preparing, heartbeats, who is in the cluster. Requests bring their own time.
    socketOptions: { connectTimeout: CONNECT_MS_MAX, readTimeout: OWN_MS_MAX, defunctReadTimeoutThreshold: TIMEOUTS_UNTIL_RECONNECT },
    // Else the first use of a statement waits for every node in turn, also for one that is stopped.
    prepareOnAllHosts: false,
    pooling: { heartBeatInterval: HEARTBEAT_MS },
    protocolOptions: { maxSchemaAgreementWaitSeconds: 20 },
    // Tables are few and known; looking them up again after each change of the schema is not needed.
    isMetadataSyncEnabled: true,
  };
}

function nodesOf(dataCentre: string): policies.loadBalancing.LoadBalancingPolicy {
  return new policies.loadBalancing.TokenAwarePolicy(new policies.loadBalancing.DCAwareRoundRobinPolicy(dataCentre));
}

/** Null is the driver's word for "let the server decide"; its types do not know it. */
class NoTimestamps extends policies.timestampGeneration.MonotonicTimestampGenerator {
  override next(): number {
    return null as unknown as number;
  }
}

function connectionOf(client: Client, options: CassandraKvOptions, silent: SilentNodes, met: HostsMet): Connection {
  const elsewhere = new Map<string, Promise<Client>>();

  /** Made on first use: other regions' nodes are connected to only when something is decided there. */
  async function clientIn(dataCentre: string | undefined): Promise<Client> {
    if (dataCentre === undefined || dataCentre === options.localDataCentre) return client;
    let other = elsewhere.get(dataCentre);
    if (other === undefined) {
      other = connectIn(dataCentre);
      elsewhere.set(dataCentre, other);
      other.catch(() => elsewhere.delete(dataCentre));
    }
    return other;
  }

  async function connectIn(dataCentre: string): Promise<Client> {
    // The nodes named in the options may be those of the region that is gone.
    const there = client.hosts.values().filter((host) => host.datacenter === dataCentre);
    const contactPoints = [...there.map(({ address }) => address), ...options.contactPoints];
    const other = new Client(clientOptions({ ...options, contactPoints, localDataCentre: dataCentre }, silent, met));
    other.on('error', () => {});
    await other.connect().catch(async (error: unknown) => {
      await other.shutdown().catch(() => {});
      throw error;
    });
    return other;
  }

  function noting<T>(answer: Promise<T>): Promise<T> {
    answer.catch((error: unknown) => silent.note(error));
    return answer;
  }

  return {
    client,
    execute(statement, level, call, page) {
      const settings = requestOptions(level, call, page);
      const { query, params } = statement;
      return noting(
        level.dataCentre === undefined
          ? client.execute(query, params as unknown[], settings)
          : clientIn(level.dataCentre).then((there) => there.execute(query, params as unknown[], settings)),
      );
    },
    batch(statements, level, call) {
      const settings = requestOptions(level, call);
      const queries = statements as { query: string; params: unknown[] }[];
      return noting(
        level.dataCentre === undefined
          ? client.batch(queries, settings)
          : clientIn(level.dataCentre).then((there) => there.batch(queries, settings)),
      );
    },
    async close() {
      const others = await Promise.allSettled(elsewhere.values());
      const clients = others.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      await Promise.all([client, ...clients].map((each) => each.shutdown()));
      await met.end();
    },
  };
}

function requestOptions(level: Level, call: Call, page?: { fetchSize: number; pageState?: string }): QueryOptions {
  const leftMs = call.leftMs();
  if (leftMs <= 0) throw new KvFault('KV_DEADLINE', 'the deadline passed before the cluster was asked');
  const options: QueryOptions = {
    prepare: true,
    logged: false,
    consistency: level.consistency,
    isIdempotent: level.isIdempotent,
    readTimeout: Math.ceil(Math.min(ATTEMPT_MS_MAX, leftMs)),
  };
  if (level.serialConsistency !== undefined) options.serialConsistency = level.serialConsistency;
  if (page !== undefined) options.fetchSize = page.fetchSize;
  if (page?.pageState !== undefined) options.pageState = page.pageState;
  return options;
}

/** One request to one node. Above Cassandra's own write timeout of 2 s, so that its answer is heard; below the port's deadline, so that another node can be asked. */
const ATTEMPT_MS_MAX = 3_000;
/** A node that takes longer is slow or stopped: another is asked too, where that is safe. */
const SPECULATE_AFTER_MS = 400;
const CONNECT_MS_MAX = 3_000;
const OWN_MS_MAX = 2_500;
const RECONNECT_MS_MIN = 200;
const RECONNECT_MS_MAX = 5_000;
const HEARTBEAT_MS = 5_000;
/** A stopped node keeps its connections open and silent. */
const TIMEOUTS_UNTIL_RECONNECT = 8;
