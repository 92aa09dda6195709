import { Client, policies } from 'cassandra-driver';
import type { CassandraAddresses } from '../src/index.ts';

/** A client that talks to some of the nodes only, and never tries twice. */
export function cassandraClient(addresses: CassandraAddresses, contactPoints = addresses.contactPoints): Client {
  const [first] = contactPoints;
  const dataCentre = addresses.nodes.find((node) => node.contactPoint === first)?.dataCentre ?? addresses.localDataCentre;
  const inner = new policies.loadBalancing.DCAwareRoundRobinPolicy(dataCentre);
  return new Client({
    contactPoints: [...contactPoints],
    localDataCenter: dataCentre,
    socketOptions: { connectTimeout: 5_000, readTimeout: 8_000 },
    policies: {
      loadBalancing: new policies.loadBalancing.AllowListPolicy(inner, [...contactPoints]),
      retry: new policies.retry.FallthroughRetryPolicy(),
      reconnection: new policies.reconnection.ConstantReconnectionPolicy(200),
    },
  });
}
