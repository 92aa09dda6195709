import { randomBytes } from 'node:crypto';
import { describe } from 'node:test';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { describeKvConformance } from '../conformance/index.ts';
import { openCassandraKv } from './index.ts';

describe('on one node', { skip: engineMissing('cassandra') }, () => {
  describeKvConformance('the Cassandra engine', async () => {
    const engine = await engineForTests('cassandra');
    const { contactPoints, localDataCentre } = engine.addresses;
    const options = { contactPoints, localDataCentre, keyspace: `conformance_${randomBytes(4).toString('hex')}` };
    let store = await openCassandraKv(options);
    return {
      store,
      async reopen() {
        await store.close();
        store = await openCassandraKv(options);
        return store;
      },
      async close() {
        await store.close();
        await engine.release();
      },
    };
  });
});
