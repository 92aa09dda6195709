import { KvFault, type KvStore, type Registers, type Subscription } from '../port.ts';
import { checkWhole } from '../checks.ts';
import { createCalls, DEADLINE_MS_MAX } from './calls.ts';
import { connect } from './connection.ts';
import { createDecider } from './decider.ts';
import { FEEDERS } from './feeder.ts';
import { createFeeds } from './feeds.ts';
import { createHomes, HOMES, type Homes } from './homes.ts';
import { createIntents } from './intents.ts';
import { createItemChunks } from './item-chunks.ts';
import { createItemSweep, SWEEPERS } from './item-sweep.ts';
import { cassandraItems } from './items.ts';
import { cassandraLeases } from './leases.ts';
import type { CassandraKvOptions } from './options.ts';
import { cassandraRegisters } from './registers.ts';
import { migrateSchema } from './schema.ts';
import { cassandraStreams } from './streams.ts';
import { transferTarget } from './transfer-target.ts';
import { createFeed } from './feed.ts';
import type { TransferTarget } from '../transfer/target.ts';

export { ITEM_CONSISTENCIES, type CassandraKvOptions, type ItemConsistency } from './options.ts';
export type { Home } from './homes.ts';

export type CassandraKv = KvStore & {
  /** In which region the local namespaces are decided, and how to give one to another region. */
  readonly homes: Pick<Homes, 'of' | 'move'>;
  /** How an embedded store is moved into this one. */
  readonly transfer: TransferTarget;
};

/**
 * The distributed engine: Apache Cassandra 5 or later. Connects, brings the keyspace to this release's schema, and keeps what `KvStore` promises: items survive
 * what their consistency says, registers and streams are decided by Paxos. Rejects with `KV_UNAVAILABLE` and what to look at.
 */
export async function openCassandraKv(options: CassandraKvOptions): Promise<CassandraKv> {
  const { clock = Date.now, isLocal = () => false, onTrouble = () => {}, closeIntentsAfterMs = CLOSE_INTENTS_AFTER_MS } = options;
  checkWhole('closeIntentsAfterMs', closeIntentsAfterMs, DEADLINE_MS_MAX, Number.MAX_SAFE_INTEGER);
  const connection = await connect(options);
  const keyspace = await migrateSchema(connection, options).catch(async (error: unknown) => {
    await connection.close();
    throw error;
  });

  const calls = createCalls();
  const subscriptions = new Set<Subscription>();
  const homes = createHomes({
    localDataCentre: options.localDataCentre,
    isLocal: (namespace) => !OUR_OWN.has(namespace) && isLocal(namespace),
    leaseMs: options.homeLeaseMs ?? 10_000,
    registers: () => registers,
  });
  const decider = createDecider(connection, homes);
  const registers: Registers = { ...cassandraRegisters(keyspace, decider, calls), ...cassandraLeases(keyspace, decider, calls, clock) };
  const intents = createIntents(keyspace, connection, calls);
  const feeds = createFeeds({ keyspace, connection, decider, calls, registers: () => registers, intents, onTrouble, closeIntentsAfterMs });
  const sweep = createItemSweep({
    keyspace,
    connection,
    calls,
    registers,
    everyMs: options.sweepEveryMs ?? SWEEP_EVERY_MS,
    keptMs: options.orphansKeptMs ?? ORPHANS_KEPT_MS,
    onTrouble,
  });
  let closing: Promise<void> | null = null;

  function keep(subscription: Subscription): void {
    subscriptions.add(subscription);
    const forget = (): void => void subscriptions.delete(subscription);
    subscription.ended.then(forget, forget);
  }

  async function close(): Promise<void> {
    // A handler may be waiting for this very store: it is not waited for, its next call fails with KV_CLOSED.
    for (const subscription of subscriptions) void subscription.close();
    await feeds.close();
    calls.close();
    await sweep.close();
    await connection.close();
  }

  return {
    items: cassandraItems({
      keyspace,
      connection,
      chunks: createItemChunks(keyspace, connection),
      calls,
      clock,
      consistency: options.itemConsistency ?? (() => 'local-quorum'),
    }),
    registers,
    streams: cassandraStreams({
      keyspace,
      decider,
      calls,
      clock,
      intents,
      feeds,
      keep: (each) => {
        if (closing !== null) throw new KvFault('KV_CLOSED', 'the store is closed');
        keep(each);
      },
    }),
    homes,
    transfer: transferTarget({
      keyspace,
      connection,
      decider,
      calls,
      clock,
      feedOf: (namespace) => createFeed(keyspace, namespace, connection),
    }),
    close: () => (closing ??= close()),
  };
}

/** The longest deadline, and what clocks and queues may add. */
const CLOSE_INTENTS_AFTER_MS = 90_000;

/** Decided by all, whatever is local: what decides where things are decided, and who looks after all regions. */
const OUR_OWN: ReadonlySet<string> = new Set([HOMES, FEEDERS, SWEEPERS]);
const SWEEP_EVERY_MS = 60 * 60 * 1000;
const ORPHANS_KEPT_MS = 24 * 60 * 60 * 1000;
