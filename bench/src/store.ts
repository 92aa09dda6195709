import type { Bench } from './bench.ts';

/** The same port on either engine; loaded when chosen. */
export const bench: Bench = {
  name: 'store',
  about: 'writes and reads through the key-value port: on SQLite against a bare node:sqlite loop, on Cassandra against the bare driver',
  engines: ['sqlite', 'cassandra'],
  async run(options) {
    if (options.engine === 'cassandra') return (await import('./store/cassandra.ts')).benchCassandra(options);
    return (await import('./store/sqlite.ts')).benchSqlite(options);
  },
};
