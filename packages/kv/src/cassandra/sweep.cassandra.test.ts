import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { Client } from 'cassandra-driver';
import { bytes } from '../text.ts';
import { newToken } from '../token.ts';
import { openCassandraKv } from './index.ts';

const LARGE = 300 * 1024;

describe('the sweep of large values', { skip: engineMissing('cassandra') }, () => {
  it('removes parts that no item names, and never those of an item that is there', async (test) => {
    const engine = await engineForTests('cassandra');
    test.after(() => engine.release());
    const { contactPoints, localDataCentre } = engine.addresses;
    const keyspace = `sweep_${randomBytes(4).toString('hex')}`;
    const kv = await openCassandraKv({ contactPoints, localDataCentre, keyspace, sweepEveryMs: 100, orphansKeptMs: 1_000 });
    test.after(() => kv.close());
    const client = new Client({ contactPoints: [...contactPoints], localDataCenter: localDataCentre, keyspace });
    test.after(() => client.shutdown());
    const put = (key: string, fill: number): Promise<void> =>
      kv.items.put({
        namespace: 'n',
        record: 'r',
        items: [{ key: bytes(key), value: new Uint8Array(LARGE).fill(fill) }],
        token: newToken(),
      });
    const partitions = async (): Promise<number> =>
      (await client.execute('SELECT DISTINCT namespace, record, key, attempt FROM item_chunks')).rowLength;

    await put('replaced', 1);
    await put('replaced', 2);
    await put('deleted', 3);
    await put('kept', 4);
    await kv.items.delete({ namespace: 'n', record: 'r', select: { kind: 'keys', keys: [bytes('deleted')] }, token: newToken() });
    for (const end = performance.now() + 20_000; (await partitions()) > 2; await pause(50)) {
      assert.ok(performance.now() < end, `${await partitions()} values have parts still, and only two are there`);
    }
    const { items } = await kv.items.get({ namespace: 'n', record: 'r' });
    assert.deepEqual(
      items.map(({ key, value }) => [Buffer.from(key).toString(), value.length, value[LARGE - 1]]),
      [
        ['kept', LARGE, 4],
        ['replaced', LARGE, 2],
      ],
    );
  });
});
