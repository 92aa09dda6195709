import { types } from 'cassandra-driver';
import type { Call, Calls } from './calls.ts';
import type { Connection } from './connection.ts';

const { consistencies, TimeUuid } = types;

export type Intent = { readonly namespace: string; readonly at: types.TimeUuid };
export type OpenIntent = Intent & { readonly stream: string; readonly command: string };

export type Intents = {
  /** Durable when it resolves. */
  write(namespace: string, stream: string, command: string, call: Call): Promise<Intent>;
  /** In the background; one that stays is closed later. */
  forget(intent: Intent): void;
  /** Those written at or after a time (of the writers' clocks), or all. */
  open(namespace: string, since: Date | null, call: Call): Promise<readonly OpenIntent[]>;
  remove(namespace: string, settled: readonly Intent[], call: Call): Promise<void>;
};

/** What is about to be appended, per namespace: written before every append and removed after its events are in the feed. */
export function createIntents(keyspace: string, connection: Connection, calls: Calls): Intents {
  const table = `${keyspace}.stream_intents`;
  const insert = `INSERT INTO ${table} (namespace, at, stream, command) VALUES (?, ?, ?, ?)`;
  const select = `SELECT at, stream, command FROM ${table} WHERE namespace = ?`;
  const erase = `DELETE FROM ${table} WHERE namespace = ? AND at = ?`;

  async function remove(namespace: string, settled: readonly Intent[], call: Call): Promise<void> {
    for (let start = 0; start < settled.length; start += PER_BATCH) {
      const some = settled.slice(start, start + PER_BATCH);
      await connection.batch(
        some.map(({ at }) => ({ query: erase, params: [namespace, at] })),
        LEVEL,
        call,
      );
    }
  }

  return {
    async write(namespace, stream, command, call) {
      const at = TimeUuid.now();
      await connection.execute({ query: insert, params: [namespace, at, stream, command] }, LEVEL, call);
      return { namespace, at };
    },
    forget(intent) {
      void Promise.resolve()
        .then(() => calls.run(undefined, 0, (call) => remove(intent.namespace, [intent], call)))
        .catch(() => {});
    },
    async open(namespace, since, call) {
      const found: OpenIntent[] = [];
      let pageState: string | undefined;
      do {
        const statement =
          since === null
            ? { query: select, params: [namespace] }
            : { query: `${select} AND at >= minTimeuuid(?)`, params: [namespace, since] };
        const page = await connection.execute(statement, LEVEL, call, {
          fetchSize: PER_PAGE,
          ...(pageState === undefined ? {} : { pageState }),
        });
        for (const row of page.rows) found.push({ namespace, at: row['at'], stream: row['stream'], command: row['command'] });
        pageState = page.pageState ?? undefined;
      } while (pageState !== undefined && found.length < OPEN_MAX);
      return found;
    },
    remove,
  };
}

const LEVEL = { consistency: consistencies.quorum, isIdempotent: true };
const PER_BATCH = 200;
const PER_PAGE = 500;
/** What one look takes in; the rest comes with the next, when these are gone. */
const OPEN_MAX = 10_000;
