import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Client } from 'cassandra-driver';
import { startCassandra } from '../src/index.ts';
import type { CassandraAddresses, Running } from '../src/index.ts';
import { engineMissing } from '../src/testing/index.ts';
import { cassandraClient } from './cassandra-client.ts';
import { processesOn } from './processes-on.ts';
import { until } from './until.ts';

const DEADLINE_MS = 30_000;

describe('one Cassandra node', { skip: engineMissing('cassandra') }, () => {
  let cassandra: Running<CassandraAddresses>;
  let client: Client;
  before(async () => {
    cassandra = await startCassandra();
    client = cassandraClient(cassandra.addresses);
    await client.execute("CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'region-a': 1}");
    await client.execute('CREATE TABLE k.t (id int PRIMARY KEY, v text)');
  });
  after(async () => {
    await client?.shutdown();
    await cassandra?.stop();
  });
  const node = () => cassandra.nodes[0] ?? assert.fail();
  const read = async (id: number) => (await client.execute(`SELECT v FROM k.t WHERE id = ${id}`)).first()?.get('v') as unknown;

  it('is a Cassandra of the version that is set up, with durable writes and conditional writes', async () => {
    const settings = await client.execute('SELECT name, value FROM system_views.settings');
    const value = (name: string): unknown => settings.rows.find((row) => row.get('name') === name)?.get('value');
    const version = (await client.execute('SELECT release_version FROM system.local')).first()?.get('release_version') as unknown;
    assert.deepEqual([version, value('commitlog_sync'), value('paxos_variant')], ['5.0.9', 'group', 'v2']);
    const applied = async () => (await client.execute("INSERT INTO k.t (id, v) VALUES (1, 'once') IF NOT EXISTS")).wasApplied();
    assert.deepEqual([await applied(), await applied()], [true, false]);
  });

  it('keeps an acknowledged write through SIGKILL and continues on the same address', async () => {
    await client.execute("INSERT INTO k.t (id, v) VALUES (2, 'kept')");
    // The driver (4.10.0) may keep a timer for ever when it is shut down while it mends connections: here it never has to.
    await client.shutdown();
    await node().kill();
    assert.equal(node().isRunning(), false);
    assert.deepEqual(processesOn(cassandra.folder), []);
    await node().start();
    client = cassandraClient(cassandra.addresses);
    assert.equal(await read(2), 'kept');
  });

  it('does not answer while paused, and answers again afterwards', async () => {
    await read(3);
    await node().pause();
    assert.equal(node().isRunning(), true);
    await assert.rejects(client.execute('SELECT v FROM k.t WHERE id = 3', [], { readTimeout: 1_000 }), { name: 'OperationTimedOutError' });
    node().resume();
    assert.ok(
      await until(
        () =>
          read(3).then(
            () => true,
            () => false,
          ),
        DEADLINE_MS,
      ),
    );
  });

  it('is stopped while paused, and leaves neither process nor file', async () => {
    await client.shutdown();
    await node().pause();
    assert.notDeepEqual(processesOn(cassandra.folder), []);
    await cassandra.stop();
    assert.deepEqual(processesOn(cassandra.folder), []);
    assert.equal(existsSync(cassandra.folder), false);
  });
});

describe('a Cassandra folder that is kept', { skip: engineMissing('cassandra') }, () => {
  it('has one owner at a time, and a second start continues with data and addresses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bioscope-engines-test-'));
    try {
      const first = await startCassandra({ folder });
      const writer = cassandraClient(first.addresses);
      try {
        await writer.execute("CREATE KEYSPACE k WITH replication = {'class': 'NetworkTopologyStrategy', 'region-a': 1}");
        await writer.execute('CREATE TABLE k.t (id int PRIMARY KEY, v text)');
        await writer.execute("INSERT INTO k.t (id, v) VALUES (1, 'kept')");
        await assert.rejects(startCassandra({ folder }), /another process runs an engine in/);
      } finally {
        await writer.shutdown();
        await first.stop();
      }
      assert.deepEqual(processesOn(folder), []);
      await assert.rejects(startCassandra({ folder, nodes: 3 }), /holds a Cassandra of 1 node/);
      const second = await startCassandra({ folder });
      const reader = cassandraClient(second.addresses);
      try {
        assert.deepEqual(second.addresses, first.addresses);
        assert.equal((await reader.execute('SELECT v FROM k.t WHERE id = 1')).first()?.get('v'), 'kept');
      } finally {
        await reader.shutdown();
        await second.stop();
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
