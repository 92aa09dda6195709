import { types } from 'cassandra-driver';
import type { TransferTarget } from '../transfer/target.ts';
import type { Calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { type Decider, patiently } from './decider.ts';
import type { Feed } from './feed.ts';
import { transferRegisters } from './transfer-registers.ts';
import { transferStreams } from './transfer-streams.ts';

export type TransferTargetParts = {
  readonly keyspace: string;
  readonly connection: Connection;
  readonly decider: Decider;
  readonly calls: Calls;
  readonly clock: () => number;
  readonly feedOf: (namespace: string) => Feed;
};

/** How an embedded store is moved into this one: past the port, but by the same conditional writes. */
export function transferTarget(parts: TransferTargetParts): TransferTarget {
  const { keyspace, connection, calls } = parts;

  async function* partitions(table: string, name: string): AsyncGenerator<{ namespace: string; name: string }> {
    let pageState: string | undefined;
    do {
      const from = pageState === undefined ? {} : { pageState };
      const statement = { query: `SELECT DISTINCT namespace, ${name} FROM ${keyspace}.${table}`, params: [] };
      const page = await calls.run(undefined, 0, (call) =>
        patiently(call, () => connection.execute(statement, QUORUM, call, { fetchSize: PARTITIONS_PER_PAGE, ...from })),
      );
      for (const row of page.rows) yield { namespace: row['namespace'] as string, name: row[name] as string };
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
  }

  return {
    async isEmpty() {
      for (const table of ['items', 'registers', 'streams']) {
        const statement = { query: `SELECT namespace FROM ${keyspace}.${table} LIMIT 1`, params: [] };
        const found = await calls.run(undefined, 0, (call) => patiently(call, () => connection.execute(statement, QUORUM, call)));
        if (found.rowLength > 0) return false;
      }
      return true;
    },
    async *records() {
      for await (const { namespace, name } of partitions('items', 'record')) yield { namespace, record: name };
    },
    registers: { ...transferRegisters(parts), list: () => partitions('registers', 'name') },
    streams: {
      ...transferStreams(parts),
      async *list() {
        for await (const { namespace, name } of partitions('streams', 'stream')) yield { namespace, stream: name };
      },
    },
  };
}

const QUORUM = { consistency: types.consistencies.quorum, isIdempotent: true };
const PARTITIONS_PER_PAGE = 500;
