import { randomBytes } from 'node:crypto';
import { after, before, describe } from 'node:test';
import { type EngineForTests, engineForTests, engineMissing } from '@bioscope/engines/testing';
import type { KvStore } from '@bioscope/kv';
import { openCassandraKv } from '@bioscope/kv/cassandra';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '../src/port.ts';
import { openLog } from '../src/sqlite/index.ts';
import { openOwnTopics } from './own-topics.ts';
import { relayChecks } from './relay-checks.ts';

describe('relays between engines', { skip: engineMissing('cassandra') || engineMissing('kafka') }, () => {
  let cassandra: EngineForTests<'cassandra'>;
  let kafka: EngineForTests<'kafka'>;
  before(async () => {
    [cassandra, kafka] = await Promise.all([engineForTests('cassandra'), engineForTests('kafka')]);
  });
  after(() => Promise.all([cassandra.release(), kafka.release()]));

  const sqliteKv = (folder: string): Promise<KvStore> => openKv({ folder });
  const sqliteLog = (folder: string): Promise<Log> => openLog({ folder });
  const kafkaLog = (): Promise<Log> => openOwnTopics(kafka.addresses.bootstrap)();
  const cassandraKv = (): Promise<KvStore> => {
    const { contactPoints, localDataCentre } = cassandra.addresses;
    return openCassandraKv({ contactPoints, localDataCentre, keyspace: `relay_${randomBytes(4).toString('hex')}` });
  };

  describe('from SQLite to Kafka', () => relayChecks({ kv: sqliteKv, log: kafkaLog }));
  describe('from Cassandra to SQLite', () => relayChecks({ kv: cassandraKv, log: sqliteLog }));
  describe('from Cassandra to Kafka', () => relayChecks({ kv: cassandraKv, log: kafkaLog }));
});
