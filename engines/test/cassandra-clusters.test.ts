import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { types } from 'cassandra-driver';
import type { Client } from 'cassandra-driver';
import { startCassandra } from '../src/index.ts';
import type { CassandraAddresses, Running } from '../src/index.ts';
import { engineMissing } from '../src/testing/index.ts';
import { cassandraClient } from './cassandra-client.ts';
import { until } from './until.ts';

const SERIAL = { serialConsistency: types.consistencies.serial };
const DEADLINE_MS = 60_000;

const SHAPES = [
  {
    what: 'three Cassandra nodes in one data centre',
    dataCentres: 1,
    places: ['region-a', 'region-a', 'region-a'],
    replication: "'region-a': 3",
  },
  {
    what: 'three Cassandra data centres of one node',
    dataCentres: 3,
    places: ['region-a', 'region-b', 'witness'],
    replication: "'region-a': 1, 'region-b': 1, 'witness': 1",
  },
] as const;

for (const { what, dataCentres, places, replication } of SHAPES) {
  describe(what, { skip: engineMissing('cassandra', { nodes: 3 }) }, () => {
    let cassandra: Running<CassandraAddresses>;
    let client: Client;
    before(async () => {
      cassandra = await startCassandra({ nodes: 3, dataCentres });
      // The last node is the one that dies below: clients talk to the others.
      client = cassandraClient(cassandra.addresses, cassandra.addresses.contactPoints.slice(0, dataCentres === 3 ? 1 : 2));
      await client.execute(`CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', ${replication}}`);
      await client.execute('CREATE TABLE k.t (id int PRIMARY KEY, v int)');
    });
    after(async () => {
      await client?.shutdown();
      await cassandra?.stop();
    });
    const last = () => cassandra.nodes[2] ?? assert.fail();
    const raise = async (from: number) => {
      const result = await client.execute(`UPDATE k.t SET v = ${from + 1} WHERE id = 1 IF v = ${from}`, [], {
        ...SERIAL,
        consistency: types.consistencies.quorum,
      });
      return result.wasApplied();
    };

    it('knows its data centres and racks', async () => {
      // Both tables of one node: another one has other peers.
      const one = cassandraClient(cassandra.addresses, cassandra.addresses.contactPoints.slice(0, 1));
      const peers = await one.execute('SELECT data_center, rack FROM system.peers_v2');
      const own = await one.execute('SELECT data_center, rack FROM system.local');
      await one.shutdown();
      const found = [...own.rows, ...peers.rows].map((row) => `${String(row.get('data_center'))}/${String(row.get('rack'))}`);
      assert.deepEqual(found.sort(), cassandra.addresses.nodes.map((node) => `${node.dataCentre}/${node.rack}`).sort());
      assert.deepEqual(
        cassandra.addresses.nodes.map((node) => node.dataCentre),
        places,
      );
    });

    it('decides conditional writes with one of three nodes dead, and the dead one comes back', async () => {
      await client.execute('INSERT INTO k.t (id, v) VALUES (1, 0)', [], { consistency: types.consistencies.all });
      assert.equal(await raise(0), true);
      await last().kill();
      assert.equal(await raise(1), true);
      assert.equal(await raise(1), false);
      const serial = await client.execute('SELECT v FROM k.t WHERE id = 1', [], { consistency: types.consistencies.serial });
      assert.equal(serial.first()?.get('v'), 2);
      await last().start();
      const all = () => client.execute('SELECT v FROM k.t WHERE id = 1', [], { consistency: types.consistencies.all });
      assert.ok(
        await until(
          () =>
            all().then(
              (result) => result.first()?.get('v') === 2,
              () => false,
            ),
          DEADLINE_MS,
        ),
      );
    });

    it('decides with one of three nodes paused', async () => {
      await last().pause();
      try {
        assert.equal(await raise(2), true);
      } finally {
        last().resume();
      }
    });
  });
}
