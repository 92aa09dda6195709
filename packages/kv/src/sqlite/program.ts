import type { SqliteProgram } from '../sqlite-worker/program.ts';
import { itemReads } from './items-reader.ts';
import { itemWrites } from './items-writer.ts';
import { leaseWrites } from './leases-writer.ts';
import { createNamespaces } from './namespaces.ts';
import { registerWrites } from './registers-writer.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';
import { registerAndStreamReads } from './streams-reader.ts';
import { streamWrites } from './streams-writer.ts';
import { sweepOperation } from './sweep.ts';

/** The store inside its threads. */
export const program: SqliteProgram = {
  applicationId: APPLICATION_ID,
  migrations: MIGRATIONS,
  prepare(database, context) {
    const namespaces = createNamespaces(database);
    if (context.mode === 'read') {
      return { operations: { ...itemReads(database, namespaces), ...registerAndStreamReads(database, namespaces) } };
    }
    const streams = streamWrites(database, namespaces, context);
    return {
      operations: {
        ...itemWrites(database, namespaces),
        ...registerWrites(database, namespaces),
        ...leaseWrites(database, namespaces),
        ...streams.operations,
        ...sweepOperation(database),
      },
      beforeCommit: () => streams.beforeCommit(),
      rolledBack() {
        namespaces.rolledBack();
        streams.rolledBack();
      },
    };
  },
};
