import { randomBytes } from 'node:crypto';
import { after, before, describe } from 'node:test';
import { type EngineForTests, engineForTests, engineMissing } from '@bioscope/engines/testing';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import { describeJobsConformance } from '@bioscope/jobs/conformance';
import { openCassandraKv, type CassandraKv } from '@bioscope/kv/cassandra';

describe('jobs on Cassandra', { skip: engineMissing('cassandra') }, () => {
  let engine: EngineForTests<'cassandra'>;
  let kv: CassandraKv;
  before(async () => {
    engine = await engineForTests('cassandra');
    const { contactPoints, localDataCentre } = engine.addresses;
    kv = await openCassandraKv({ contactPoints, localDataCentre, keyspace: `jobs_${randomBytes(4).toString('hex')}` });
  });
  after(async () => {
    await kv.close();
    await engine.release();
  });

  // One keyspace for all: its tables take longer to make than most checks to run. Queues are kept apart by a store that names them anew.
  describeJobsConformance('on the Cassandra engine', async () => {
    const own = `_${randomBytes(3).toString('hex')}`;
    const opened: Jobs[] = [];
    return {
      async another() {
        const jobs = await openJobs({ kv: inNamespacesOf(kv, own), pollMs: 50 });
        opened.push(jobs);
        return jobs;
      },
      async close() {
        await Promise.all(opened.map((jobs) => jobs.close()));
      },
    };
  });
});

/** The same store with a suffix to every namespace. */
function inNamespacesOf(kv: CassandraKv, suffix: string): CassandraKv {
  const renamed = <T extends object>(part: T): T =>
    new Proxy(part, {
      get: (target, name) => {
        const call = Reflect.get(target, name) as (request: { namespace: string }, ...rest: unknown[]) => unknown;
        return (request: { namespace: string }, ...rest: unknown[]) =>
          call.call(target, { ...request, namespace: request.namespace + suffix }, ...rest);
      },
    });
  return { ...kv, items: renamed(kv.items), registers: renamed(kv.registers), streams: renamed(kv.streams) };
}
