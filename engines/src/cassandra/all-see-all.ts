import { Client, policies, types } from 'cassandra-driver';
import { CASSANDRA_PORTS } from './layout.ts';
import type { CassandraNode } from './layout.ts';

const DEADLINE_MS = 5_000;
/** Cassandra keeps this keyspace on three nodes. */
const REPLICAS = 3;

/** Whether each node of three knows all to be alive: it must then be able to read from all replicas. Never rejects. */
export async function allSeeAll(nodes: readonly CassandraNode[]): Promise<boolean> {
  if (nodes.length !== REPLICAS) return true;
  const answers = await Promise.all(nodes.map(seesAll));
  return answers.every(Boolean);
}

async function seesAll(node: CassandraNode): Promise<boolean> {
  const contact = `${node.address}:${CASSANDRA_PORTS.native}`;
  const client = new Client({
    contactPoints: [contact],
    localDataCenter: node.dataCentre,
    socketOptions: { connectTimeout: DEADLINE_MS, readTimeout: DEADLINE_MS },
    policies: {
      loadBalancing: new policies.loadBalancing.AllowListPolicy(new policies.loadBalancing.DCAwareRoundRobinPolicy(node.dataCentre), [
        contact,
      ]),
      retry: new policies.retry.FallthroughRetryPolicy(),
    },
  });
  try {
    await client.execute("SELECT status FROM system_distributed.view_build_status WHERE keyspace_name = '' AND view_name = ''", [], {
      consistency: types.consistencies.all,
    });
    return true;
  } catch {
    return false;
  } finally {
    await client.shutdown();
  }
}
